//! Who may do what in a business: the one table. The tenancy test walks every route with every role against it.

use shared::wire::admin::team::Role;
use shared::wire::admin::token::ApiScope;

macro_rules! operations {
    ($($(#[doc = $doc:literal])+ $name:ident = $least:ident, $scope:expr;)+) => {
        /// Something that a member does in a business.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Op {
            $($(#[doc = $doc])+ $name,)+
        }

        impl Op {
            /// Every operation.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The least role that may do it.
            pub const fn least(self) -> Role {
                match self { $(Self::$name => Role::$least,)+ }
            }

            /// The scope that lets an API token do it; `None` where no token may.
            pub const fn scope(self) -> Option<ApiScope> {
                match self { $(Self::$name => $scope,)+ }
            }
        }
    };
}

operations! {
    /// Reading the profile, the sites and the agreements.
    BusinessRead = Viewer, Some(ApiScope::BusinessRead);
    /// Changing the profile.
    BusinessWrite = Admin, Some(ApiScope::BusinessWrite);
    /// Reading what a site is set to.
    SiteRead = Viewer, Some(ApiScope::BusinessRead);
    /// Opening a site, and changing what it is set to.
    SiteWrite = Admin, Some(ApiScope::BusinessWrite);
    /// Letting the edge look at a page.
    SiteCheck = Manager, Some(ApiScope::BusinessRead);
    /// Making and taking away the secret that names a site's visitors.
    SiteSecret = Admin, None;
    /// Reading which doors webhooks go to, and what was told to them.
    WebhookRead = Admin, None;
    /// Making, changing, trying and taking away such doors.
    WebhookWrite = Admin, None;
    /// Reading which AI providers the business has keys for.
    VendorRead = Admin, None;
    /// Handing such a key over, trying it and taking it away.
    VendorWrite = Admin, None;
    /// Reading what the business knows about itself, and trying a question.
    KnowledgeRead = Viewer, Some(ApiScope::KnowledgeRead);
    /// Writing it.
    KnowledgeWrite = Manager, Some(ApiScope::KnowledgeWrite);
    /// Reading conversations, and one's own place in the inbox: how far one has read, one's views, how one is notified.
    ConversationRead = Viewer, Some(ApiScope::ConversationRead);
    /// Answering visitors and everything around it.
    ConversationAnswer = Manager, Some(ApiScope::ConversationWrite);
    /// Opening a socket of the inbox or of a conversation: for people at the dashboard.
    InboxLive = Viewer, None;
    /// Saving views of the inbox.
    ViewWrite = Manager, None;
    /// Making a label, where one is missing in the middle of the work.
    LabelMake = Manager, Some(ApiScope::BusinessWrite);
    /// Configuring the inbox: canned replies, changing and deleting labels, when the machine hands over.
    InboxWrite = Admin, Some(ApiScope::BusinessWrite);
    /// Reading who is in the team.
    TeamRead = Viewer, Some(ApiScope::TeamRead);
    /// Inviting, and taking an invitation back.
    Invite = Admin, None;
    /// Changing a member's role, and sending a member away.
    MemberWrite = Admin, None;
    /// Leaving the team.
    Leave = Viewer, None;
    /// Handing the business over.
    Transfer = Owner, None;
    /// Reading what persons asked for about their data.
    RequestRead = Manager, None;
    /// Entering, extending, meeting and refusing such requests.
    RequestWrite = Manager, None;
    /// Holding a conversation for a legal claim, and letting go of it.
    HoldWrite = Admin, None;
    /// Reading the ledger of consent and the record of processing.
    RecordRead = Admin, None;
    /// Deleting the business, and taking that back.
    BusinessDelete = Owner, None;
    /// Reading which API tokens there are.
    TokenRead = Admin, None;
    /// Making and revoking API tokens.
    TokenWrite = Admin, None;
    /// Reading what was attached to messages.
    FileRead = Viewer, None;
    /// Attaching something to an answer.
    FileWrite = Manager, None;
    /// Reading the audit log.
    AuditRead = Admin, Some(ApiScope::AuditRead);
    /// Reading what is counted: sums, nobody's words.
    NumbersRead = Viewer, Some(ApiScope::NumbersRead);
    /// Reading questions to which nothing was found, and what visitors said about conversations.
    QuestionsRead = Manager, None;
    /// Answering such questions, and putting them aside.
    QuestionsWrite = Manager, None;
}

/// The role reaches as far as the operation.
pub fn is_allowed(op: Op, role: Role) -> bool {
    role >= op.least()
}

/// The role may give `given` to somebody who is `held` now: only owners touch owners, or make any.
pub fn may_give(role: Role, held: Role, given: Role) -> bool {
    is_allowed(Op::MemberWrite, role) && (role == Role::Owner || (held < Role::Owner && given < Role::Owner))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_may_do_everything_and_a_viewer_changes_nothing_but_their_own_place() {
        for op in Op::ALL {
            assert!(is_allowed(*op, Role::Owner), "{op:?}");
        }
        let open: Vec<&Op> = Op::ALL.iter().filter(|op| is_allowed(**op, Role::Viewer)).collect();
        assert_eq!(
            open,
            [
                &Op::BusinessRead,
                &Op::SiteRead,
                &Op::KnowledgeRead,
                &Op::ConversationRead,
                &Op::InboxLive,
                &Op::TeamRead,
                &Op::Leave,
                &Op::FileRead,
                &Op::NumbersRead
            ]
        );
    }

    #[test]
    fn only_owners_touch_owners() {
        assert!(may_give(Role::Owner, Role::Owner, Role::Viewer));
        assert!(may_give(Role::Admin, Role::Manager, Role::Admin));
        assert!(!may_give(Role::Admin, Role::Owner, Role::Viewer));
        assert!(!may_give(Role::Admin, Role::Viewer, Role::Owner));
        assert!(!may_give(Role::Manager, Role::Viewer, Role::Viewer));
    }

    #[test]
    fn no_token_changes_who_may_enter() {
        for op in [
            Op::WebhookRead,
            Op::WebhookWrite,
            Op::SiteSecret,
            Op::VendorRead,
            Op::VendorWrite,
            Op::Invite,
            Op::MemberWrite,
            Op::Leave,
            Op::Transfer,
            Op::TokenRead,
            Op::TokenWrite,
        ] {
            assert_eq!(op.scope(), None);
        }
    }
}
