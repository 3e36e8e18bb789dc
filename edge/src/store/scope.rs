//! Who asks. A scope can only be had from a check of credentials (or from the scheduler), and store functions
//! take one right after the database handle: tenancy stands in the signature.

use shared::id::{AccountId, ApiTokenId, BusinessId, ConversationId, SiteId, VisitorId};
use shared::wire::admin::team::Role;

/// A site's public settings, which anybody who knows its id may read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PublicScope {
    site: SiteId,
}

impl PublicScope {
    /// Anybody may ask for a site's public settings.
    pub const fn new(site: SiteId) -> Self {
        Self { site }
    }

    /// The site.
    pub const fn site(&self) -> SiteId {
        self.site
    }
}

/// Everything of one business, and the shard that holds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BusinessScope {
    business: BusinessId,
    shard: usize,
}

impl BusinessScope {
    /// Called where credentials were checked, where the directory named the business (to a job, or to whoever goes on to
    /// check a credential in its shard), and where a checked scope arrives in its conversation's object.
    pub const fn new(business: BusinessId, shard: usize) -> Self {
        Self { business, shard }
    }

    /// The business.
    pub const fn business(&self) -> BusinessId {
        self.business
    }

    /// The number of its shard.
    pub const fn shard(&self) -> usize {
        self.shard
    }
}

/// One visitor of one site, proved by the token of the frame's document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct VisitorScope {
    /// The business behind the site.
    pub business: BusinessScope,
    /// The site.
    pub site: SiteId,
    /// The visitor.
    pub visitor: VisitorId,
}

/// One conversation, proved by its token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ThreadScope {
    /// The business that it belongs to.
    pub business: BusinessScope,
    /// The site where it began.
    pub site: SiteId,
    /// The visitor in it.
    pub visitor: VisitorId,
    /// The conversation.
    pub conversation: ConversationId,
}

/// All businesses of a deployment: for jobs and migrations. It never opens content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OperatorScope(());

impl OperatorScope {
    /// Called by the scheduler, the health check and the dev-only seed, where an operator's session was checked, and where a
    /// credential is looked up before anybody knows whose it is.
    pub const fn of_deployment() -> Self {
        Self(())
    }
}

/// One person who signed in, across the businesses that they belong to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AccountScope {
    account: AccountId,
}

impl AccountScope {
    /// Called where a session, a code or an invitation was checked, and nowhere else.
    pub const fn new(account: AccountId) -> Self {
        Self { account }
    }

    /// The account.
    pub const fn account(&self) -> AccountId {
        self.account
    }
}

/// A member of a business, with the role that they have in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MemberScope {
    /// The business.
    pub business: BusinessScope,
    /// Who acts. A token acts for whoever made it.
    pub account: AccountScope,
    /// What they are in the business.
    pub role: Role,
    /// The token that was used instead of a session.
    pub token: Option<ApiTokenId>,
}
