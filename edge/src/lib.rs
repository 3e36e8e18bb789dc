//! The Worker: everything that runs on the edge. `ARCHITECTURE.md` is the map.
//!
//! Here stand the only `#[event(…)]` functions; they decide nothing.

// Tests may count as they like; shipped code may not overflow.
#![cfg_attr(not(test), deny(clippy::arithmetic_side_effects))]

pub mod app;
pub mod config;
pub mod http;
pub mod jobs;
pub mod log;
pub mod mailer;
pub mod objects;
pub mod ops;
pub mod platform;
pub mod providers;
pub mod rules;
pub mod sealing;
pub mod store;
pub mod vendors;

#[cfg(target_arch = "wasm32")]
mod events {
    use std::rc::Rc;

    use tower_service::Service;
    use worker::{
        Context, Env, HttpRequest, MessageBatch, MessageExt, Response, Result, ScheduleContext,
        ScheduledEvent, event,
    };

    use crate::app::App;
    use crate::http::{Edge, respond, routes};
    use crate::jobs;
    use crate::log;
    use crate::ops::{mail, webhook};

    #[event(fetch)]
    async fn fetch(request: HttpRequest, env: Env, context: Context) -> Result<Response> {
        let app = App::of(&env)?;
        let conversations = Rc::new(app.conversations(&env)?);
        let limiter = App::limiter(&env)?;
        let inboxes = Rc::new(app.inboxes(&env)?);
        let mut router = routes::router(Edge::new(Rc::clone(&app), conversations, inboxes, limiter));
        let request = request.map(axum::body::Body::new);
        let response = match router.call(request).await {
            Ok(response) => respond::to_worker(response).await,
            Err(never) => match never {},
        };
        context.wait_until(async move {
            jobs::lateness_look(&app).await;
            mail::mails_noted_wake(&app).await;
            webhook::hooks_noted_wake(&app).await;
        });
        response
    }

    #[event(scheduled)]
    async fn scheduled(event: ScheduledEvent, env: Env, _context: ScheduleContext) {
        let parts = App::of(&env).and_then(|app| Ok((app.conversations(&env)?, app)));
        let Ok((rooms, app)) = parts else {
            return worker::console_error!("a job could not start: a binding of wrangler.toml is missing");
        };
        #[expect(
            clippy::cast_possible_truncation,
            reason = "epoch milliseconds are whole numbers below 2^53"
        )]
        let scheduled_at = shared::time::Millis::new(event.schedule() as i64);
        jobs::run_due(jobs::Hands { app: &app, rooms: &rooms }, &event.cron(), scheduled_at).await;
        mail::mails_noted_wake(&app).await;
    }

    /// Answers each message by itself: an error of one must not bring the others back. It returns no error, since the
    /// platform's glue would panic at one.
    #[event(queue)]
    async fn queue(batch: MessageBatch<String>, env: Env, _context: Context) -> Result<()> {
        let app = match App::of(&env) {
            Ok(app) => app,
            Err(_) => {
                batch.retry_all();
                return Ok(());
            }
        };
        for message in batch.raw_iter() {
            let text = message.body().as_string().unwrap_or_default();
            match mail::wake_take(&app, &text).await {
                Ok(()) => message.ack(),
                Err(failure) => {
                    log::failed(&app, "queue", &failure);
                    message.retry();
                }
            }
        }
        Ok(())
    }
}
