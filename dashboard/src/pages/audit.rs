//! The audit log: who did what, when and why; in names where the team knows them, in ids where it does not.

use leptos::prelude::*;
use shared::wire::admin::audit::{AuditEntry, AuditPage};

use super::tokens::member_name;
use crate::api::audit_address;
use crate::components::act::problem;
use crate::components::status::{Rows, slot};
use crate::i18n::{self, Key, Style};
use crate::shell::App;
use crate::state::{Ask, Form, State};

/// The deeds that there are words for; a later one is shown as it is kept.
const DEEDS: [(&str, Key); 70] = [
    ("business_open", Key::AuditBusinessOpen),
    ("business_change", Key::AuditBusinessChange),
    ("site_origins", Key::AuditSiteOrigins),
    ("site_open", Key::AuditSiteOpen),
    ("site_change", Key::AuditSiteChange),
    ("identity_make", Key::AuditIdentityMake),
    ("identity_drop", Key::AuditIdentityDrop),
    ("knowledge_add", Key::AuditKnowledgeAdd),
    ("knowledge_change", Key::AuditKnowledgeChange),
    ("knowledge_delete", Key::AuditKnowledgeDelete),
    ("webhook_make", Key::AuditWebhookMake),
    ("webhook_change", Key::AuditWebhookChange),
    ("webhook_delete", Key::AuditWebhookDelete),
    ("vendor_key_set", Key::AuditVendorKeySet),
    ("vendor_key_drop", Key::AuditVendorKeyDrop),
    ("limit_change", Key::AuditLimitChange),
    ("limit_undo", Key::AuditLimitUndo),
    ("request_enter", Key::AuditRequestEnter),
    ("request_extend", Key::AuditRequestExtend),
    ("request_meet", Key::AuditRequestMeet),
    ("request_refuse", Key::AuditRequestRefuse),
    ("deletion_ask", Key::AuditDeletionAsk),
    ("deletion_cancel", Key::AuditDeletionCancel),
    ("file_read", Key::AuditFileRead),
    ("invite", Key::AuditInvite),
    ("invitation_revoke", Key::AuditInvitationRevoke),
    ("member_join", Key::AuditMemberJoin),
    ("member_role", Key::AuditMemberRole),
    ("member_remove", Key::AuditMemberRemove),
    ("member_leave", Key::AuditMemberLeave),
    ("ownership_transfer", Key::AuditOwnershipTransfer),
    ("token_make", Key::AuditTokenMake),
    ("token_revoke", Key::AuditTokenRevoke),
    ("questions_read", Key::AuditQuestionsRead),
    ("comments_read", Key::AuditCommentsRead),
    ("sign_in", Key::AuditSignIn),
    ("session_revoke", Key::AuditSessionRevoke),
    ("passkey_add", Key::AuditPasskeyAdd),
    ("passkey_remove", Key::AuditPasskeyRemove),
    ("email_confirm", Key::AuditEmailConfirm),
    ("email_stop", Key::AuditEmailStop),
    ("email_change", Key::AuditEmailChange),
    ("conversation_read", Key::AuditConversationRead),
    ("conversation_export", Key::AuditConversationExport),
    ("conversation_take", Key::AuditConversationTake),
    ("conversation_give_back", Key::AuditConversationGiveBack),
    ("conversation_reply", Key::AuditConversationReply),
    ("conversation_note", Key::AuditConversationNote),
    ("conversation_note_delete", Key::AuditConversationNoteDelete),
    ("conversation_assign", Key::AuditConversationAssign),
    ("conversation_label", Key::AuditConversationLabel),
    ("conversation_priority", Key::AuditConversationPriority),
    ("conversation_snooze", Key::AuditConversationSnooze),
    ("conversation_wake", Key::AuditConversationWake),
    ("conversation_close", Key::AuditConversationClose),
    ("conversation_reopen", Key::AuditConversationReopen),
    ("conversation_spam", Key::AuditConversationSpam),
    ("conversation_block", Key::AuditConversationBlock),
    ("conversation_hold", Key::AuditConversationHold),
    ("conversation_release", Key::AuditConversationRelease),
    ("conversation_suggest", Key::AuditConversationSuggest),
    ("conversation_search", Key::AuditConversationSearch),
    ("canned_reply_put", Key::AuditCannedReplyPut),
    ("canned_reply_delete", Key::AuditCannedReplyDelete),
    ("label_put", Key::AuditLabelPut),
    ("label_delete", Key::AuditLabelDelete),
    ("view_put", Key::AuditViewPut),
    ("view_delete", Key::AuditViewDelete),
    ("hand_off_change", Key::AuditHandOffChange),
    ("preference_change", Key::AuditPreferenceChange),
];

/// The page.
pub fn page(app: App) -> impl IntoView {
    view! {
        {super::heading(app, Key::Audit, Some(Key::AuditLede))}
        {choices(app)}
        {slot(app, |state| &state.audit, Rows(8), move |page| list(app, &page))}
    }
}

/// Which deed, and the way to take the log along.
fn choices(app: App) -> impl IntoView {
    let place = app.part(|state| state.page.business().map(|business| (business, state.audit_deed)));
    let mut deeds = DEEDS.map(|(deed, words)| (deed, app.text(words)));
    deeds.sort_by(|(_, one), (_, other)| one.cmp(other));
    let options = deeds.into_iter().map(move |(deed, words)| {
        let is_chosen = move || place.get().is_some_and(|(_, chosen)| chosen == deed);
        view! { <option value=deed prop:selected=is_chosen>{words}</option> }
    });
    let chosen = move |event| {
        let name = event_target_value(&event);
        let deed = DEEDS.iter().find(|(deed, _)| *deed == name).map_or("", |(deed, _)| *deed);
        if let Some((business, _)) = place.get_untracked() {
            app.ask(Ask::Audit(business, deed, None));
        }
    };
    view! {
        <div class="search">
            <div class="field">
                <label for="audit-deed">{app.text(Key::AuditWhat)}</label>
                <select id="audit-deed" on:change=chosen>
                    <option value="">{app.text(Key::AuditDeedAll)}</option>
                    {options.collect_view()}
                </select>
            </div>
            {move || place.get().map(|(business, deed)| view! {
                <a class="button" href=audit_address(business, deed) download="loquet-audit.csv">{app.text(Key::AuditExport)}</a>
            })}
        </div>
    }
}

fn list(app: App, page: &AuditPage) -> impl IntoView + use<> {
    if page.entries.is_empty() {
        return view! { <section class="card"><p class="empty">{app.text(Key::AuditEmpty)}</p></section> }
            .into_any();
    }
    let rows = page.entries.iter().map(|entry| row(app, entry));
    let before = page.before;
    let busy = app.part(|state| state.is_busy(Form::More));
    let more = move |_| {
        if let Some(business) = app.peek(|state| state.page.business()) {
            app.ask(Ask::Audit(business, app.peek(|state| state.audit_deed), before));
        }
    };
    view! {
        <section class="card">
            <div class="table" role="region" tabindex="0" aria-label=app.text(Key::Audit)>
                <table>
                    <thead>
                        <tr>
                            <th scope="col">{app.text(Key::AuditWhen)}</th>
                            <th scope="col">{app.text(Key::AuditWho)}</th>
                            <th scope="col">{app.text(Key::AuditWhat)}</th>
                            <th scope="col">{app.text(Key::AuditWhere)}</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </section>
        {problem(app, Form::More)}
        {before.map(|_| view! {
            <div class="acts"><button type="button" aria-busy=move || busy.get().then_some("true") on:click=more>{app.text(Key::Older)}</button></div>
        })}
    }
    .into_any()
}

/// What was done, in words.
pub fn deed_name(app: App, action: &str) -> String {
    let known = DEEDS.iter().find(|(deed, _)| *deed == action);
    known.map_or_else(|| action.replace('_', " "), |(_, words)| app.text(*words))
}

/// What something is called to which something was done, where this page knows it by name.
fn subject_name(state: &State, subject: &str) -> Option<String> {
    if let Ok(account) = subject.parse() {
        return member_name(state, account);
    }
    let business = state.business.value.as_ref()?;
    let site =
        business.sites.iter().find(|site| site.id.to_string() == subject).map(|site| site.name.clone());
    site.or_else(|| (business.id.to_string() == subject).then(|| business.profile.name.clone()))
}

fn row(app: App, entry: &AuditEntry) -> impl IntoView + use<> {
    let account = entry.account;
    let who =
        move || app.read(|state| member_name(state, account)).unwrap_or_else(|| app.text(Key::FormerMember));
    let by = entry.token.map(|_| view! { <span class="pill">{app.text(Key::ByToken)}</span> });
    let subject = entry.subject.clone();
    let on = move || {
        app.read(|state| subject_name(state, &subject)).map_or_else(
            || view! { <code>{subject.clone()}</code> }.into_any(),
            |name| view! { <bdi>{name}</bdi> }.into_any(),
        )
    };
    let what = deed_name(app, &entry.action);
    let why =
        entry.reason.clone().map(|reason| view! { <span class="hint">{reason.replace('_', " ")}</span> });
    let change = entry.change.clone().map(|change| view! { <br/><code>{change}</code> });
    view! {
        <tr>
            <td>{i18n::moment(entry.at, Style::Moment)}</td>
            <td><bdi>{who}</bdi>" "{by}</td>
            <td>{what}" "{why}{change}</td>
            <td>{on}</td>
        </tr>
    }
}
