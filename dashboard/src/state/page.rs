//! Where somebody is: every address of the dashboard, read from the fragment and written into it.
//!
//! Routes live in the fragment, so that one document serves them all and secrets in links never reach a server's log.

use shared::id::{BusinessId, CodeId, ConversationId, InvitationId, SiteId};
use shared::privacy::Secret;
use shared::wire::admin::account::StopEmailChange;
use shared::wire::admin::sign_in::InvitationLink;
use shared::wire::admin::team::Role;

/// A part of a business.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Section {
    /// What visitors wrote, and the team's answers.
    Inbox,
    /// First steps, and how things are.
    Overview,
    /// What is counted.
    Numbers,
    /// Who belongs to it.
    Team,
    /// What the inbox has at hand: replies, labels, rules.
    Replies,
    /// What it says of itself.
    Profile,
    /// Where its chats are.
    Sites,
    /// What it knows about itself.
    Knowledge,
    /// Its own keys for AI providers.
    Ai,
    /// What persons asked for about their data.
    Requests,
    /// Until when its sites keep conversations.
    Retention,
    /// Erasures, with their receipts.
    Receipts,
    /// What visitors chose, with the words that they chose about.
    Consents,
    /// What visitors are told, and who receives something.
    Notices,
    /// What is held, why, and for how long.
    DataMap,
    /// Doors of its own systems.
    Webhooks,
    /// Tokens for the API.
    Tokens,
    /// Who did what.
    Audit,
}

impl Section {
    /// Every section, in the order of the navigation.
    pub const ALL: [Self; 18] = [
        Self::Inbox,
        Self::Overview,
        Self::Numbers,
        Self::Team,
        Self::Requests,
        Self::Retention,
        Self::Receipts,
        Self::Consents,
        Self::Notices,
        Self::DataMap,
        Self::Replies,
        Self::Profile,
        Self::Sites,
        Self::Knowledge,
        Self::Ai,
        Self::Webhooks,
        Self::Tokens,
        Self::Audit,
    ];

    /// The name in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Inbox => "inbox",
            Self::Overview => "overview",
            Self::Numbers => "numbers",
            Self::Team => "team",
            Self::Requests => "requests",
            Self::Retention => "retention",
            Self::Receipts => "receipts",
            Self::Consents => "consents",
            Self::Notices => "notices",
            Self::DataMap => "data-map",
            Self::Replies => "replies",
            Self::Profile => "business",
            Self::Sites => "sites",
            Self::Knowledge => "knowledge",
            Self::Ai => "ai",
            Self::Webhooks => "webhooks",
            Self::Tokens => "tokens",
            Self::Audit => "audit",
        }
    }

    /// The least role that sees it. The edge decides anyway; this keeps doors that would not open out of sight.
    pub const fn least(self) -> Role {
        match self {
            Self::Inbox
            | Self::Overview
            | Self::Numbers
            | Self::Team
            | Self::Retention
            | Self::Replies
            | Self::Profile
            | Self::Sites
            | Self::Knowledge => Role::Viewer,
            Self::Requests | Self::Receipts => Role::Manager,
            Self::Consents
            | Self::Notices
            | Self::DataMap
            | Self::Ai
            | Self::Webhooks
            | Self::Tokens
            | Self::Audit => Role::Admin,
        }
    }
}

/// What of a conversation is in front where there is room for one thing only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pane {
    /// What is said.
    Thread,
    /// What is held of the visitor.
    Card,
}

/// A part of a site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SitePart {
    /// What it says, how it looks, who answers.
    Settings,
    /// How it comes onto a page.
    Install,
}

impl SitePart {
    /// Every part, in the order of its tabs.
    pub const ALL: [Self; 2] = [Self::Settings, Self::Install];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Settings => "settings",
            Self::Install => "install",
        }
    }

    /// The least role that sees it.
    pub const fn least(self) -> Role {
        Role::Viewer
    }
}

/// An address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Page {
    /// A part of wherever somebody belongs: the business they were in last. Mails link to these.
    Home(Section),
    /// Signing in.
    SignIn,
    /// Signing up.
    SignUp,
    /// Accepting an invitation; the link is there until it was read from the address.
    Invitation(Option<InvitationLink>),
    /// Stopping a change of address, likewise.
    Stop(Option<StopEmailChange>),
    /// A part of a business.
    In(BusinessId, Section),
    /// A conversation at the inbox of a business.
    Thread(BusinessId, ConversationId, Pane),
    /// A part of one of its sites.
    Site(BusinessId, SiteId, SitePart),
    /// Opening a further business.
    Open,
    /// Oneself.
    Me,
    /// Whom to ask, and what to read.
    Help,
    /// The deployment.
    Operator,
    /// No address of ours.
    Nowhere,
}

impl Page {
    /// The page that a fragment names, with or without its `#`.
    pub fn parse(fragment: &str) -> Self {
        let fragment = fragment.trim_start_matches('#').trim_matches('/');
        let parts: Vec<&str> = fragment.split('/').collect();
        match parts.as_slice() {
            [""] => Self::Home(Section::Overview),
            ["settings", "team"] => Self::Home(Section::Team),
            ["settings", "tokens"] => Self::Home(Section::Tokens),
            ["settings", "requests"] => Self::Home(Section::Requests),
            ["settings", "security" | "profile"] => Self::Me,
            ["sign-in"] => Self::SignIn,
            ["sign-up"] => Self::SignUp,
            ["invitation"] => Self::Invitation(None),
            ["stop"] => Self::Stop(None),
            ["invitation", id, token] => match id.parse::<InvitationId>() {
                Ok(invitation) => Self::Invitation(Some(InvitationLink { invitation, token: secret(token) })),
                Err(_) => Self::Invitation(None),
            },
            ["stop", id, token] => match id.parse::<CodeId>() {
                Ok(change) => Self::Stop(Some(StopEmailChange { change, token: secret(token) })),
                Err(_) => Self::Stop(None),
            },
            ["open"] => Self::Open,
            ["me"] => Self::Me,
            ["help"] => Self::Help,
            ["operator"] => Self::Operator,
            [business, section] => {
                let section = Section::ALL.into_iter().find(|known| known.as_str() == *section);
                match (business.parse::<BusinessId>(), section) {
                    (Ok(business), Some(section)) => Self::In(business, section),
                    _ => Self::Nowhere,
                }
            }
            [business, "inbox", conversation] => thread(business, conversation, Pane::Thread),
            [business, "inbox", conversation, "held"] => thread(business, conversation, Pane::Card),
            [business, "sites", site, part] => {
                let part = SitePart::ALL.into_iter().find(|known| known.as_str() == *part);
                match (business.parse::<BusinessId>(), site.parse::<SiteId>(), part) {
                    (Ok(business), Ok(site), Some(part)) => Self::Site(business, site, part),
                    _ => Self::Nowhere,
                }
            }
            _ => Self::Nowhere,
        }
    }

    /// The fragment that names the page, with its `#`. Secrets are never written back.
    pub fn fragment(&self) -> String {
        match self {
            Self::Home(Section::Team) => "#/settings/team".to_owned(),
            Self::Home(Section::Tokens) => "#/settings/tokens".to_owned(),
            Self::Home(Section::Requests) => "#/settings/requests".to_owned(),
            Self::Home(_) | Self::Nowhere => "#/".to_owned(),
            Self::SignIn => "#/sign-in".to_owned(),
            Self::SignUp => "#/sign-up".to_owned(),
            Self::Invitation(_) => "#/invitation".to_owned(),
            Self::Stop(_) => "#/stop".to_owned(),
            Self::In(business, section) => format!("#/{business}/{}", section.as_str()),
            Self::Thread(business, conversation, Pane::Thread) => {
                format!("#/{business}/inbox/{conversation}")
            }
            Self::Thread(business, conversation, Pane::Card) => {
                format!("#/{business}/inbox/{conversation}/held")
            }
            Self::Site(business, site, part) => format!("#/{business}/sites/{site}/{}", part.as_str()),
            Self::Open => "#/open".to_owned(),
            Self::Me => "#/me".to_owned(),
            Self::Help => "#/help".to_owned(),
            Self::Operator => "#/operator".to_owned(),
        }
    }

    /// The page without what may not stay in the address bar.
    pub fn without_secrets(&self) -> Self {
        match self {
            Self::Invitation(_) => Self::Invitation(None),
            Self::Stop(_) => Self::Stop(None),
            other => other.clone(),
        }
    }

    /// The business that it is a part of.
    pub const fn business(&self) -> Option<BusinessId> {
        match self {
            Self::In(business, _) | Self::Thread(business, ..) | Self::Site(business, ..) => Some(*business),
            _ => None,
        }
    }

    /// The part of a business that it is, or belongs to.
    pub const fn section(&self) -> Option<Section> {
        match self {
            Self::In(_, section) => Some(*section),
            Self::Thread(..) => Some(Section::Inbox),
            _ => None,
        }
    }

    /// The conversation that it shows.
    pub const fn conversation(&self) -> Option<ConversationId> {
        match self {
            Self::Thread(_, conversation, _) => Some(*conversation),
            _ => None,
        }
    }
}

fn thread(business: &str, conversation: &str, pane: Pane) -> Page {
    match (business.parse(), conversation.parse()) {
        (Ok(business), Ok(conversation)) => Page::Thread(business, conversation, pane),
        _ => Page::Nowhere,
    }
}

fn secret(text: &str) -> Secret<String> {
    Secret::new(text.to_owned())
}
