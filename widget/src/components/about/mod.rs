//! About this chat: who is responsible, until when, what is on this device, and what the visitor can do (promise P1).

use leptos::prelude::*;
use shared::limits::CONVERSATION_TOKEN_MS;
use shared::time::HOUR_MS;
use shared::wire::consent::Choice;

use crate::browser;
use crate::i18n::{self, Key, Style};
use crate::shell::App;
use crate::state::{Event, State, View};

/// The view, while the visitor is there.
pub fn about(app: App) -> impl IntoView {
    let open = Memo::new(move |_| app.read(|state| state.view == View::About));
    // The way out asks once.
    let asked = RwSignal::new(false);
    move || {
        app.words();
        open.get().then(|| {
            asked.set(false);
            let card = app.peek(|state| state.frame.business.clone());
            let notice = card.notice_url.filter(|address| address.starts_with("https://"));
            let button = move |id, key, act: fn(App, RwSignal<bool>)| {
                view! { <button type="button" id=id on:click=move |_| act(app, asked)>{i18n::text(key)}</button> }
            };
            view! {
                <button type="button" id="back" class="link" on:click=move |_| app.dispatch(Event::ViewChosen(View::Chat))>
                    {i18n::text(Key::Back)}
                </button>
                <section>
                    <h2>{i18n::text(Key::Who)}</h2>
                    <p><bdi>{card.name}</bdi><br/><bdi>{card.controller}</bdi></p>
                    <h2>{i18n::text(Key::Contact)}</h2>
                    <p><bdi>{card.contact}</bdi></p>
                    {card.officer.map(|officer| view! {
                        <h2>{i18n::text(Key::Officer)}</h2>
                        <p><bdi>{officer}</bdi></p>
                    })}
                    {notice.map(|address| view! {
                        <p><a target="_blank" rel="noopener noreferrer" href=address>{app.text_named(Key::BusinessNotice)}</a></p>
                    })}
                </section>
                <section>
                    <h2>{i18n::text(Key::Until)}</h2>
                    <p>{app.peek(until_text)}</p>
                    <h2>{i18n::text(Key::Device)}</h2>
                    <p>{app.peek(device_text)}</p>
                    <h2>{i18n::text(Key::Statistics)}</h2>
                    <p>{i18n::text(app.peek(statistics_key))}</p>
                    {button("change", Key::ConsentChange, |app, _| app.dispatch(Event::ConsentReopened))}
                    <p>
                        <a target="_blank" rel="noopener" href=app.peek(|state| state.frame.privacy_path.clone())>
                            {i18n::text(Key::Rights)}
                        </a>
                    </p>
                </section>
                <section hidden=app.peek(|state| state.credentials.is_none())>
                    <div hidden=move || asked.get()>
                        {button("renew", Key::ConversationNew, |app, _| app.dispatch(Event::Left(true)))}" "
                        {button("end", Key::ConversationEnd, |_, asked| {
                            asked.set(true);
                            browser::focus("end-confirm");
                            browser::later(0, || browser::element("about").set_scroll_top(i32::MAX));
                        })}
                    </div>
                    <div hidden=move || !asked.get()>
                        <p>{app.peek(end_text)}</p>
                        {button("end-confirm", Key::EndConfirm, |app, _| app.dispatch(Event::Left(false)))}" "
                        {button("cancel", Key::Cancel, |_, asked| {
                            asked.set(false);
                            browser::focus("end");
                        })}
                    </div>
                </section>
            }
        })
    }
}

fn until_text(state: &State) -> String {
    let date = |at| i18n::moment(at, Style::Date);
    match state.until_span() {
        None => i18n::text_with(Key::UntilNow, &[("date", &date(state.frame.until))]),
        Some((first, last)) if date(first) == date(last) => {
            i18n::text_with(Key::UntilAll, &[("date", &date(last))])
        }
        Some((first, last)) => {
            i18n::text_with(Key::UntilSpan, &[("first", &date(first)), ("last", &date(last))])
        }
    }
}

fn device_text(state: &State) -> String {
    if state.credentials.is_none() || state.ends_with_the_page() {
        return i18n::text(Key::DeviceNothing);
    }
    let hours = CONVERSATION_TOKEN_MS.checked_div(HOUR_MS).unwrap_or_default() as u32;
    i18n::text_with(Key::DeviceTab, &[("count", &i18n::number(hours))])
}

/// What the visitor has chosen, or what counts in its place.
pub fn statistics_key(state: &State) -> Key {
    match (state.consent.choice, state.frame.opted_out) {
        (Some(Choice::Accepted), _) => Key::ConsentAccepted,
        (Some(Choice::Declined), _) => Key::ConsentDeclined,
        (None, true) => Key::ConsentSignal,
        (None, false) => Key::ConsentSilent,
    }
}

/// What stays where, by count and date.
fn end_text(state: &State) -> String {
    let count = state.thread.messages().len() as u32;
    let until = state.until_span().map_or(state.frame.until, |(_, last)| last);
    let date = i18n::moment(until, Style::Date);
    i18n::text_counted(Key::EndAsk, count, &[("business", &state.frame.business.name), ("date", &date)])
}
