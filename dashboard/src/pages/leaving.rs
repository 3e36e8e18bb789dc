//! One's own data: a copy to take along, what one did, and the end of the account or of a business, with thirty days to think
//! again (promises P4.1, P4.6, P6.8, K9 to K11).

use leptos::prelude::*;
use shared::id::BusinessId;
use shared::time::DAY_MS;
use shared::wire::admin::audit::AuditEntry;
use shared::wire::admin::deletion::{AccountCopy, Deletion, DeletionBlock, Deletions};

use super::audit::deed_name;
use crate::api;
use crate::components::act::{button, careful, problem, question};
use crate::components::status::{Rows, slot};
use crate::i18n::{self, Key, Style};
use crate::shell::App;
use crate::state::{Ask, Form, Leaving, LeavingForm, Page, Section, deletion_of};

/// Lines of one's own log that are shown; the copy holds all of them.
const LINES: usize = 50;

/// A copy of everything that is held about oneself.
pub fn copy_card(app: App) -> AnyView {
    let copy = app.part(|state| state.leaving.copy.value.clone());
    let busy = app.part(|state| state.is_busy(Form::Leaving(LeavingForm::Copy)));
    let show = move || {
        copy.get().map_or_else(
            || {
                view! {
                    <button type="button" aria-busy=move || busy.get().then_some("true") on:click=move |_| app.ask(Ask::Leaving(Leaving::Copy))>
                        {app.text(Key::CopyLog)}
                    </button>
                }
                .into_any()
            },
            |_| ().into_any(),
        )
    };
    view! {
        <section class="card" aria-labelledby="copy-title">
            <h2 id="copy-title">{app.text(Key::CopyTitle)}</h2>
            <div class="inside">
                <p>{app.text(Key::CopyLede)}</p>
                <div class="acts">
                    <a class="button" href=api::COPY download="my-account.zip">{app.text(Key::CopyTake)}</a>
                    {show}
                </div>
                {problem(app, Form::Leaving(LeavingForm::Copy))}
                <div role="status">{move || copy.get().map(|copy| deeds(app, &copy))}</div>
            </div>
        </section>
    }
    .into_any()
}

fn deeds(app: App, copy: &AccountCopy) -> AnyView {
    if copy.audit.is_empty() {
        return view! { <p class="hint">{app.text(Key::AuditEmpty)}</p> }.into_any();
    }
    let rows = copy.audit.iter().take(LINES).map(|entry| deed(app, entry));
    let rest = (copy.audit.len() > LINES).then(|| view! { <p class="hint">{app.text(Key::CopyRest)}</p> });
    view! { <ul class="rows flat">{rows.collect_view()}</ul>{rest} }.into_any()
}

fn deed(app: App, entry: &AuditEntry) -> AnyView {
    let by = entry.token.map(|_| view! { " "<span class="pill">{app.text(Key::ByToken)}</span> });
    view! {
        <li class="row">
            <div class="grow">
                <strong class="start">{deed_name(app, &entry.action)}{by}</strong>
                <span>{i18n::moment(entry.at, Style::Moment)}" "<code class="hash">{entry.subject.clone()}</code></span>
            </div>
        </li>
    }
    .into_any()
}

/// A deletion on its way: until when it can be taken back, and the way to do so.
fn pending(app: App, deletion: &Deletion, words: Key, keep: Key, ask: Leaving) -> AnyView {
    // A day that has begun counts: who just asked has all of them left.
    let left = deletion
        .due_at
        .since_ms(crate::browser::now())
        .max(0)
        .saturating_add(DAY_MS.saturating_sub(1))
        .div_euclid(DAY_MS);
    let left = i18n::text_counted(Key::Days, u32::try_from(left).unwrap_or_default());
    let date = i18n::moment(deletion.due_at, Style::Moment);
    view! {
        <div class="note">
            <p>{app.text_with(words, &[("date", &date), ("left", &left)])}</p>
            {button(app.text(keep), move || app.ask(Ask::Leaving(ask)))}
        </div>
    }
    .into_any()
}

/// The end of one's account.
pub fn account_card(app: App) -> AnyView {
    view! {
        <section class="card" aria-labelledby="leave-account">
            <h2 id="leave-account">{app.text(Key::DeleteAccountTitle)}</h2>
            <div class="inside">
                {slot(app, |state| &state.leaving.deletions, Rows(2), move |deletions| account(app, &deletions))}
                {problem(app, Form::Leaving(LeavingForm::Account))}
            </div>
        </section>
    }
    .into_any()
}

fn account(app: App, deletions: &Deletions) -> AnyView {
    if let Some(deletion) = deletion_of(deletions, None) {
        return pending(
            app,
            deletion,
            Key::DeleteAccountPending,
            Key::DeleteAccountKeep,
            Leaving::AccountKeep,
        );
    }
    let names: Vec<String> = deletions.businesses.iter().map(|place| place.name.clone()).collect();
    let along = (!names.is_empty())
        .then(|| app.text_with(Key::DeleteAccountAlong, &[("businesses", &names.join(", "))]));
    if !deletions.blocks.is_empty() {
        let rows: Vec<AnyView> = deletions.blocks.iter().map(|block| in_the_way(app, block)).collect();
        return view! {
            <p>{app.text(Key::DeleteAccountBlocked)}</p>
            <ul class="rows flat">{rows}</ul>
        }
        .into_any();
    }
    let body = [along.clone(), Some(app.text(Key::DeleteConsequence))];
    let body = body.into_iter().flatten().collect::<Vec<_>>().join(" ");
    view! {
        <p>{app.text(Key::DeleteAccountLede)}</p>
        {along.map(|along| view! { <p class="clay-text">{along}</p> })}
        <div class="acts">
            {careful(app, Key::DeleteAccountAsk, move || question(
                app.text(Key::DeleteAccountQuestion),
                body.clone(),
                app.text(Key::DeleteAccountDo),
                Ask::Leaving(Leaving::Account),
            ))}
        </div>
    }
    .into_any()
}

/// A business that other people still belong to, with the way to its team.
fn in_the_way(app: App, block: &DeletionBlock) -> AnyView {
    let names: Vec<String> = block.members.iter().map(|name| name.expose().clone()).collect();
    let team = Page::In(block.business, Section::Team).fragment();
    let label = app.text_with(Key::DeleteTeamOf, &[("business", &block.name)]);
    view! {
        <li class="row">
            <div class="grow"><strong dir="auto">{block.name.clone()}</strong><span dir="auto">{names.join(", ")}</span></div>
            <a class="button" href=team aria-label=label>{app.text(Key::Team)}</a>
        </li>
    }
    .into_any()
}

/// The end of a business, for its owner.
pub fn business_card(app: App, business: BusinessId) -> AnyView {
    view! {
        <section class="card" aria-labelledby="leave-business">
            <h2 id="leave-business">{app.text(Key::DeleteBusinessTitle)}</h2>
            <div class="inside">
                {slot(app, |state| &state.leaving.deletions, Rows(2), move |deletions| the_business(app, business, &deletions))}
                {problem(app, Form::Leaving(LeavingForm::Business))}
            </div>
        </section>
    }
    .into_any()
}

fn the_business(app: App, business: BusinessId, deletions: &Deletions) -> AnyView {
    if let Some(deletion) = deletion_of(deletions, Some(business)) {
        let keep = Leaving::BusinessKeep(business);
        return pending(app, deletion, Key::DeleteBusinessPending, Key::DeleteBusinessKeep, keep);
    }
    let name = app.peek(|state| state.membership().map(|place| place.name.clone()).unwrap_or_default());
    let title = app.text_with(Key::DeleteBusinessQuestion, &[("business", &name)]);
    view! {
        <p>{app.text(Key::DeleteBusinessLede)}</p>
        <div class="acts">
            {careful(app, Key::DeleteBusinessAsk, move || question(
                title.clone(),
                app.text(Key::DeleteConsequence),
                app.text(Key::DeleteBusinessDo),
                Ask::Leaving(Leaving::Business(business)),
            ))}
        </div>
    }
    .into_any()
}
