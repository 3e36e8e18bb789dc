//! Until when each site keeps what is written: the limit in force, what another one would delete, asked for and taken back
//! (promises P4.2, B6).

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::id::{BusinessId, SiteId};
use shared::rules::retention::limit_take;
use shared::wire::admin::business::{Business, SiteEntry};
use shared::wire::admin::retention::SiteLimit;
use shared::wire::admin::team::Role;

use crate::components::act::{button, careful, problem, question, submit_aside};
use crate::components::field::{Input, Look, field};
use crate::components::status::{Rows, failed, slot};
use crate::i18n::{self, Key, Style};
use crate::shell::App;
use crate::state::{Ask, Form, Record, RecordForm};

/// The page.
pub fn page(app: App) -> AnyView {
    view! {
        {super::heading(app, Key::Retention, Some(Key::RetentionLede))}
        {slot(app, |state| &state.business, Rows(4), move |business| sites(app, &business))}
        <p class="hint">{app.text(Key::RetentionSpared)}</p>
    }
    .into_any()
}

fn sites(app: App, business: &Business) -> AnyView {
    let open = RwSignal::new(None);
    let may_write = business.role >= Role::Admin;
    let rows = business.sites.iter().map(|site| row(app, business.id, site, may_write, open));
    view! { <section class="card"><ul class="rows">{rows.collect_view()}</ul></section> }.into_any()
}

/// A limit in words: 12 months, 30 days.
fn period(app: App, days: Option<i64>) -> String {
    match days {
        None => app.text(Key::LimitPromise),
        Some(days) => {
            app.language();
            i18n::text_counted(Key::Days, u32::try_from(days).unwrap_or_default())
        }
    }
}

fn row(
    app: App,
    business: BusinessId,
    site: &SiteEntry,
    may_write: bool,
    open: RwSignal<Option<SiteId>>,
) -> AnyView {
    let (id, name) = (site.id, site.name.clone());
    let form = Form::Record(RecordForm::Limit(id));
    let limit = Memo::new(move |_| {
        app.read(|state| state.record.limits.get(&id).and_then(|slot| slot.value.clone()))
    });
    let refusal = Memo::new(move |_| {
        app.read(|state| state.record.limits.get(&id).and_then(|slot| slot.refusal.clone()))
    });
    let now = move || match limit.get() {
        Some(limit) => app.text_with(Key::LimitNow, &[("period", &period(app, limit.days))]),
        None => app.text(Key::Loading),
    };
    let next = move || {
        limit.get().and_then(|limit| limit.next).map(|next| {
            let date = i18n::moment(next.effective_at, Style::Moment);
            let words = app
                .text_with(Key::LimitNext, &[("date", &date), ("period", &period(app, next.days))]);
            view! {
                <div class="note">
                    <p>{words}</p>
                    {may_write.then(|| button(app.text(Key::LimitUndo), move || app.ask(Ask::Record(business, Record::LimitUndo(id)))))}
                </div>
            }
        })
    };
    let label = app.text_with(Key::LimitChangeOf, &[("site", &name)]);
    let panel = move || {
        (open.get() == Some(id)).then(|| {
            view! { <div class="panel">{editor(app, business, id)}{preview(app, business, id)}</div> }
        })
    };
    view! {
        <li>
            <div class="row">
                <div class="grow">
                    <strong dir="auto">{name}</strong>
                    <span>{now}</span>
                </div>
                {may_write.then(|| view! {
                    <button
                        type="button"
                        aria-label=label
                        aria-expanded=move || if open.get() == Some(id) { "true" } else { "false" }
                        on:click=move |_| open.update(|open| *open = (*open != Some(id)).then_some(id))
                    >
                        {app.text(Key::Change)}
                    </button>
                })}
            </div>
            {next}
            {move || refusal.get().map(|refusal| failed(app, &refusal))}
            {panel}
            {problem(app, form)}
        </li>
    }
    .into_any()
}

/// What was typed as a number of days; nothing typed is the promise.
fn days_read(text: &str) -> Result<Option<i64>, Key> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let days = text.parse::<i64>().map_err(|_| Key::WrongDays)?;
    match limit_take(Some(days)) {
        Ok(_) => Ok(Some(days)),
        // Longer than visitors were promised: no business can ask for that.
        Err(_) if days > 0 => Err(Key::WrongDaysLong),
        Err(_) => Err(Key::WrongDays),
    }
}

fn editor(app: App, business: BusinessId, site: SiteId) -> AnyView {
    let days = Input::new("limit-days", "");
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        match days_read(&days.raw()) {
            Ok(days) => app.ask(Ask::Record(business, Record::LimitPreview(site, days))),
            Err(wrong) => {
                let _: Option<()> = days.judged(None, wrong);
            }
        }
    };
    let look = Look { mode: "numeric", hint: Some(Key::LimitDaysHint), ..Look::text(Key::LimitDays) };
    view! {
        <form novalidate class="inside" on:submit=sent>
            {field(app, days, look)}
            {submit_aside(app, Form::Record(RecordForm::Limit(site)), Key::LimitPreview)}
        </form>
    }
    .into_any()
}

/// What a limit would delete, by count and date.
fn losses(app: App, limit: &SiteLimit) -> Vec<String> {
    app.language();
    if limit.messages == 0 && limit.conversations == 0 {
        return vec![app.text(Key::LimitNothing)];
    }
    let messages = i18n::text_counted(Key::LimitMessages, limit.messages);
    let oldest = limit.oldest.map(|at| i18n::moment(at, Style::Date));
    let mut lines = vec![match oldest {
        Some(date) => app.text_with(Key::LimitGoes, &[("messages", &messages), ("date", &date)]),
        None => messages,
    }];
    if limit.conversations > 0 {
        lines.push(i18n::text_counted(Key::LimitWhole, limit.conversations));
    }
    lines
}

fn preview(app: App, business: BusinessId, site: SiteId) -> AnyView {
    let found = Memo::new(move |_| {
        app.read(|state| {
            let now = state.record.limits.get(&site).and_then(|slot| slot.value.clone());
            state.record.previews.get(&site).cloned().zip(now)
        })
    });
    view! {
        <div role="status">
            {move || found.get().map(|((days, would), now)| shown(app, (business, site), days, &would, &now))}
        </div>
    }
    .into_any()
}

fn shown(
    app: App,
    (business, site): (BusinessId, SiteId),
    days: Option<i64>,
    would: &SiteLimit,
    now: &SiteLimit,
) -> AnyView {
    if days == now.days && now.next.is_none() {
        return view! { <p>{app.text(Key::LimitSame)}</p> }.into_any();
    }
    let period = period(app, days);
    let lines = losses(app, would);
    let spared = (would.spared > 0).then(|| i18n::text_counted(Key::LimitSpared, would.spared));
    // 365 days and twelve months differ by a leap day at most: the promise counts as the longer one.
    let is_longer = days.unwrap_or(i64::MAX) > now.days.unwrap_or(i64::MAX);
    let longer = is_longer.then(|| app.text(Key::LimitLonger));
    let body = lines.iter().cloned().chain([app.text(Key::LimitEffect)]).collect::<Vec<_>>().join(" ");
    let title = app.text_with(Key::LimitQuestion, &[("period", &period)]);
    view! {
        <h3>{app.text_with(Key::LimitWould, &[("period", &period)])}</h3>
        {lines.into_iter().chain(spared).chain(longer).map(|line| view! { <p>{line}</p> }).collect_view()}
        <div class="acts">
            {careful(app, Key::LimitAsk, move || question(
                title.clone(),
                body.clone(),
                app.text(Key::LimitDo),
                Ask::Record(business, Record::LimitChange(site, days)),
            ))}
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_beyond_the_promise_is_told_apart_from_one_that_is_no_number() {
        assert_eq!(days_read(" "), Ok(None));
        assert_eq!(days_read("30"), Ok(Some(30)));
        assert_eq!(days_read("366"), Err(Key::WrongDaysLong));
        for wrong in ["0", "-3", "a month", "1.5"] {
            assert_eq!(days_read(wrong), Err(Key::WrongDays), "{wrong}");
        }
    }
}
