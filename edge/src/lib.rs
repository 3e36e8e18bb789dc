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
    use worker::{Context, Env, HttpRequest, Response, Result, ScheduleContext, ScheduledEvent, event};

    use crate::app::App;
    use crate::http::{Edge, respond, routes};
    use crate::jobs;

    #[event(fetch)]
    async fn fetch(request: HttpRequest, env: Env, _context: Context) -> Result<Response> {
        let app = App::of(&env)?;
        let conversations = Rc::new(app.conversations(&env)?);
        let limiter = App::limiter(&env)?;
        let mut router = routes::router(Edge::new(app, conversations, limiter));
        let request = request.map(axum::body::Body::new);
        match router.call(request).await {
            Ok(response) => respond::to_worker(response).await,
            Err(never) => match never {},
        }
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
    }
}
