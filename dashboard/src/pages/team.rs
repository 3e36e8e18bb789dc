//! Who belongs to a business, as what, and who is invited.

use leptos::ev::SubmitEvent;
use leptos::prelude::*;
use shared::id::{AccountId, BusinessId};
use shared::privacy::Personal;
use shared::wire::admin::team::{ChangeRole, Invitation, Invite, Member, Role, TransferOwnership};

use crate::components::act::{careful, once_kept, problem, question, submit, submit_aside};
use crate::components::field::{Input, Look, choice, field, radios};
use crate::components::mark::initials;
use crate::components::status::{Rows, kept_rows};
use crate::i18n::{self, Key, NAMES, Style};
use crate::shell::App;
use crate::state::{Ask, Form};

/// The name of a role.
pub const fn role_name(role: Role) -> Key {
    match role {
        Role::Viewer => Key::RoleViewer,
        Role::Manager => Key::RoleManager,
        Role::Admin => Key::RoleAdmin,
        Role::Owner => Key::RoleOwner,
    }
}

/// What a role may do.
const fn role_sentence(role: Role) -> Key {
    match role {
        Role::Viewer => Key::RoleViewerMay,
        Role::Manager => Key::RoleManagerMay,
        Role::Admin => Key::RoleAdminMay,
        Role::Owner => Key::RoleOwnerMay,
    }
}

fn role_of(name: &str) -> Role {
    Role::ALL.into_iter().find(|role| role.as_str() == name).unwrap_or(Role::Viewer)
}

/// Roles that somebody may give: only owners make owners.
fn roles(app: App, giver: Role) -> Vec<(String, String, String)> {
    let given = Role::ALL.into_iter().rev().filter(|role| giver == Role::Owner || *role < Role::Owner);
    given
        .map(|role| (role.as_str().to_owned(), app.text(role_name(role)), app.text(role_sentence(role))))
        .collect()
}

/// The page.
pub fn page(app: App) -> impl IntoView {
    let may_invite = app.part(|state| state.reaches(Role::Admin));
    let place = app.part(|state| state.membership().cloned());
    view! {
        {super::heading(app, Key::Team, Some(Key::TeamLede))}
        {members(app)}
        {invitations(app)}
        {meanings(app)}
        {move || may_invite.get().then(|| invite(app))}
        {move || place.get().map(|place| view! {
            <section class="row last">
                <div>
                    <h2>{app.text(Key::LeaveTitle)}</h2>
                    <p>{app.text(Key::LeaveLede)}</p>
                </div>
                {careful(app, Key::LeaveAsk, move || question(
                    app.text_with(Key::LeaveQuestion, &[("business", &place.name)]),
                    app.text(Key::LeaveConsequence),
                    app.text(Key::LeaveTitle),
                    Ask::Leave(place.business),
                ))}
            </section>
            {problem(app, Form::Menu)}
        })}
    }
}

/// What each role may do, whoever has it.
fn meanings(app: App) -> impl IntoView {
    let lines = Role::ALL.into_iter().map(|role| {
        view! { <div><dt>{app.text(role_name(role))}</dt><dd>{app.text(role_sentence(role))}</dd></div> }
    });
    view! {
        <section class="card" aria-labelledby="roles">
            <h2 id="roles">{app.text(Key::Roles)}</h2>
            <dl class="facts">{lines.collect_view()}</dl>
        </section>
    }
}

fn members(app: App) -> impl IntoView {
    let count = app.part(|state| {
        let team = state.team.value.as_ref()?;
        Some(u32::try_from(team.members.len()).unwrap_or(u32::MAX))
    });
    let mine = app.part(|state| (state.me().map(|me| me.account), state.page.business(), state.role()));
    let open = RwSignal::new(None);
    let title = move || match count.get() {
        Some(count) => i18n::text_counted(Key::Members, count),
        None => app.text(Key::Team),
    };
    view! {
        <section class="card" aria-labelledby="members">
            <h2 id="members">{title}</h2>
            {move || {
                let (me, business, role) = mine.get();
                let role = role.unwrap_or(Role::Viewer);
                let none = (Rows(4), Key::Team);
                kept_rows(app, |state| &state.team, |it| &it.members, none, move |member| {
                    let is_me = Some(member.account) == me;
                    view! { <li>{row(app, business, role, is_me, &member, open)}</li> }.into_any()
                })
            }}
        </section>
    }
}

fn invitations(app: App) -> impl IntoView {
    let waiting = app.part(|state| {
        let team = state.team.value.as_ref();
        team.map(|team| team.invitations.clone()).unwrap_or_default()
    });
    move || {
        let business = app.peek(|state| state.page.business());
        let rows: Vec<_> = waiting.get().iter().map(|waits| invited(app, business, waits)).collect();
        (!rows.is_empty()).then(|| {
            view! {
                <section class="card" aria-labelledby="invitations">
                    <h2 id="invitations">{app.text(Key::Invitations)}</h2>
                    <ul class="rows">{rows}</ul>
                </section>
            }
        })
    }
}

fn row(
    app: App,
    business: Option<BusinessId>,
    role: Role,
    is_me: bool,
    member: &Member,
    open: RwSignal<Option<AccountId>>,
) -> impl IntoView + use<> {
    let account = member.account;
    // Only owners touch owners, and nobody changes their own place here.
    let may_change = !is_me && (role == Role::Owner || (role == Role::Admin && member.role < Role::Owner));
    let name = member.name.expose().clone();
    let label = app.text_with(Key::ChangeThat, &[("name", &name)]);
    let panel = business.filter(|_| may_change).map(|business| {
        let member = member.clone();
        move || (open.get() == Some(account)).then(|| change(app, business, role, &member, open))
    });
    view! {
        <div class="row">
            {initials(&name)}
            <div class="grow">
                <strong dir="auto">{name.clone()}{is_me.then(|| view! { <span class="optional">{app.text(Key::You)}</span> })}</strong>
                <span>{member.email.expose().clone()}</span>
            </div>
            <span class="pill">{app.text(role_name(member.role))}</span>
            {may_change.then(|| view! {
                <button
                    type="button"
                    aria-label=label
                    aria-expanded=move || if open.get() == Some(account) { "true" } else { "false" }
                    on:click=move |_| open.update(|open| *open = (*open != Some(account)).then_some(account))
                >
                    {app.text(Key::Change)}
                </button>
            })}
        </div>
        {panel}
        {problem(app, Form::Member(account))}
    }
}

fn change(
    app: App,
    business: BusinessId,
    mine: Role,
    member: &Member,
    open: RwSignal<Option<AccountId>>,
) -> impl IntoView + use<> {
    let account = member.account;
    let name = member.name.expose().clone();
    let chosen = RwSignal::new(member.role.as_str().to_owned());
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        let role = role_of(&chosen.get_untracked());
        app.ask(Ask::RoleChange(business, account, ChangeRole { role }));
    };
    once_kept(app, Form::Member(account), move || open.set(None));
    let named = name.clone();
    let away = careful(app, Key::RemoveAsk, move || {
        question(
            app.text_with(Key::RemoveQuestion, &[("name", &named)]),
            app.text(Key::RemoveConsequence),
            app.text(Key::Remove),
            Ask::MemberRemove(business, account),
        )
    });
    let hand = (mine == Role::Owner).then(|| {
        careful(app, Key::TransferAsk, move || {
            question(
                app.text_with(Key::TransferQuestion, &[("name", &name)]),
                app.text(Key::TransferConsequence),
                app.text(Key::Transfer),
                Ask::Transfer(business, TransferOwnership { account }),
            )
        })
    });
    view! {
        <form class="panel" on:submit=sent>
            {radios("role", app.text(Key::Role), roles(app, mine), chosen)}
            <div class="acts">
                {submit_aside(app, Form::Member(account), Key::RoleSave)}
                {away}
                {hand}
            </div>
        </form>
    }
}

fn invited(app: App, business: Option<BusinessId>, invitation: &Invitation) -> impl IntoView + use<> {
    let id = invitation.id;
    let email = invitation.email.expose().clone();
    let until = i18n::moment(invitation.expires_at, Style::Date);
    let back = business.map(|business| {
        let email = email.clone();
        careful(app, Key::InvitationRevokeAsk, move || {
            question(
                app.text_with(Key::InvitationRevokeQuestion, &[("email", &email)]),
                app.text(Key::InvitationRevokeConsequence),
                app.text(Key::InvitationRevoke),
                Ask::InvitationRevoke(business, id),
            )
        })
    });
    view! {
        <li>
            <div class="row">
                <div class="grow">
                    <strong>{email.clone()}</strong>
                    <span>{app.text_with(Key::InvitationUntil, &[("date", &until)])}</span>
                </div>
                <span class="pill">{app.text(role_name(invitation.role))}</span>
                {back}
            </div>
            {problem(app, Form::InvitationRow(id))}
        </li>
    }
}

fn invite(app: App) -> impl IntoView {
    let email = Input::new("invite-email", "");
    let role = RwSignal::new(Role::Manager.as_str().to_owned());
    let locale = RwSignal::new(app.language_now());
    let languages = NAMES.map(|(language, name)| (language.to_owned(), name.to_owned())).to_vec();
    let mine = app.peek(|state| state.role().unwrap_or(Role::Viewer));
    let names = roles(app, mine).into_iter().map(|(role, name, _)| (role, name)).collect();
    let sent = move |event: SubmitEvent| {
        event.prevent_default();
        let Some(address) = email.email() else { return };
        let Some(business) = app.peek(|state| state.page.business()) else { return };
        app.ask(Ask::Invite(
            business,
            Invite {
                email: Personal::new(address),
                role: role_of(&role.get_untracked()),
                locale: locale.get_untracked(),
            },
        ));
    };
    // A field is emptied once what stood in it is on its way.
    let done = app.part(|state| state.said == Some(crate::state::Said::Invited));
    Effect::new(move |_| {
        if done.get() {
            email.set("");
        }
    });
    view! {
        <section class="card" aria-labelledby="invite">
            <h2 id="invite">{app.text(Key::Invite)}</h2>
            <form novalidate class="inside" on:submit=sent>
                <div class="columns">
                    {field(app, email, Look { fills: "off", ..Look::email(Key::Email) })}
                    {choice("invite-role", app.text(Key::Role), names, role)}
                    {choice("invite-locale", app.text(Key::InviteLocale), languages, locale)}
                </div>
                {problem(app, Form::Invite)}
                {submit(app, Form::Invite, Key::InviteSend)}
            </form>
        </section>
    }
}
