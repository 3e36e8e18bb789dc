//! The sealed columns. A number is part of what the ciphertext is bound to: it is permanent, and never used again.

use super::owner::KeyScope;

/// A column that holds ciphertext. Its number also stands in `migrations/inventory.toml`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Column {
    /// `message.body`, under the conversation's key. Bound: conversation, origin, created_at.
    MessageBody,
    /// `visitor_address.address`, under the day's key. Bound: visitor, seen_at.
    VisitorAddress,
    /// `account.name`, under the account's key. Bound: nothing.
    AccountName,
    /// `account.email`, under the account's key. Bound: email_finder.
    AccountEmail,
    /// `invitation.email`, under the business's key. Bound: email_finder.
    InvitationEmail,
    /// `email_change.email`, under the account's key. Bound: account, email_finder.
    EmailChangeEmail,
    /// `account_request.words`, under the account's key. Bound: kind, asked_at.
    AccountRequestWords,
    /// `note.body`, under the conversation's key. Bound: conversation, author, created_at.
    NoteBody,
    /// `conversation_card.card`, under the conversation's key. Bound: covers_from.
    ConversationCard,
    /// `contact.email`, under the conversation's key. Bound: id.
    ContactEmail,
    /// `billing_record.address`, under the key of its day among all account users. Bound: reference, at.
    BillingAddress,
    /// `erasure_contact.contact`, under the erasure's own key. Bound: account.
    ErasureContact,
    /// `satisfaction.comment`, under the conversation's key. Bound: given_at.
    SatisfactionComment,
    /// `identity_secret.secret`, under the business's key. Bound: site.
    IdentitySecret,
    /// `vendor_key.secret`, under the business's key; its row is the vendor's name. Bound: nothing.
    VendorKey,
    /// `file.name`, under the conversation's key. Bound: conversation, created_at.
    FileName,
    /// `rectification.body`, under the conversation's key. Bound: conversation, message, corrected_at.
    RectificationBody,
    /// `privacy_request.words`, under the conversation's key, or the business's where none was named. Bound: kind,
    /// asked_at.
    PrivacyRequestWords,
    /// `webhook.secret`, under the business's key. Bound: nothing.
    WebhookSecret,
    /// `visitor_identity.subject`, under the conversation's key. Bound: proved_at.
    VisitorIdentity,
    /// `visitor_page.path`, under the conversation's key. Bound: seen_at.
    VisitorPage,
}

impl Column {
    /// Every sealed column.
    pub const ALL: [Self; 21] = [
        Self::MessageBody,
        Self::VisitorAddress,
        Self::AccountName,
        Self::AccountEmail,
        Self::InvitationEmail,
        Self::EmailChangeEmail,
        Self::AccountRequestWords,
        Self::NoteBody,
        Self::ConversationCard,
        Self::ContactEmail,
        Self::BillingAddress,
        Self::ErasureContact,
        Self::SatisfactionComment,
        Self::IdentitySecret,
        Self::VendorKey,
        Self::FileName,
        Self::RectificationBody,
        Self::PrivacyRequestWords,
        Self::WebhookSecret,
        Self::VisitorIdentity,
        Self::VisitorPage,
    ];

    /// The permanent number.
    pub const fn number(self) -> u16 {
        match self {
            Self::MessageBody => 1,
            Self::VisitorAddress => 2,
            Self::AccountName => 3,
            Self::AccountEmail => 4,
            Self::InvitationEmail => 5,
            Self::EmailChangeEmail => 6,
            Self::AccountRequestWords => 7,
            Self::SatisfactionComment => 80,
            Self::NoteBody => 20,
            Self::ConversationCard => 21,
            Self::ContactEmail => 22,
            Self::BillingAddress => 30,
            Self::ErasureContact => 31,
            Self::IdentitySecret => 50,
            Self::VendorKey => 51,
            Self::WebhookSecret => 52,
            Self::VisitorIdentity => 53,
            Self::VisitorPage => 60,
            Self::FileName => 70,
            Self::RectificationBody => 40,
            Self::PrivacyRequestWords => 41,
        }
    }

    /// Table and column.
    pub const fn name(self) -> &'static str {
        match self {
            Self::MessageBody => "message.body",
            Self::VisitorAddress => "visitor_address.address",
            Self::AccountName => "account.name",
            Self::AccountEmail => "account.email",
            Self::InvitationEmail => "invitation.email",
            Self::EmailChangeEmail => "email_change.email",
            Self::AccountRequestWords => "account_request.words",
            Self::SatisfactionComment => "satisfaction.comment",
            Self::NoteBody => "note.body",
            Self::ConversationCard => "conversation_card.card",
            Self::ContactEmail => "contact.email",
            Self::BillingAddress => "billing_record.address",
            Self::ErasureContact => "erasure_contact.contact",
            Self::IdentitySecret => "identity_secret.secret",
            Self::VendorKey => "vendor_key.secret",
            Self::WebhookSecret => "webhook.secret",
            Self::VisitorIdentity => "visitor_identity.subject",
            Self::VisitorPage => "visitor_page.path",
            Self::FileName => "file.name",
            Self::RectificationBody => "rectification.body",
            Self::PrivacyRequestWords => "privacy_request.words",
        }
    }

    /// The columns of the same row that the ciphertext is bound to, in the order of [`Cell::bound`].
    pub const fn bound(self) -> &'static [&'static str] {
        match self {
            Self::MessageBody => &["conversation", "origin", "created_at"],
            Self::VisitorAddress => &["visitor", "seen_at"],
            Self::AccountName | Self::VendorKey | Self::WebhookSecret => &[],
            Self::AccountEmail | Self::InvitationEmail => &["email_finder"],
            Self::EmailChangeEmail => &["account", "email_finder"],
            Self::SatisfactionComment => &["given_at"],
            Self::NoteBody => &["conversation", "author", "created_at"],
            Self::ConversationCard => &["covers_from"],
            Self::ContactEmail => &["id"],
            Self::BillingAddress => &["reference", "at"],
            Self::ErasureContact => &["account"],
            Self::IdentitySecret => &["site"],
            Self::VisitorIdentity => &["proved_at"],
            Self::VisitorPage => &["seen_at"],
            Self::FileName => &["conversation", "created_at"],
            Self::RectificationBody => &["conversation", "message", "corrected_at"],
            Self::PrivacyRequestWords | Self::AccountRequestWords => &["kind", "asked_at"],
        }
    }
}

/// Where a value stands. Its ciphertext opens in this very place only. No table or shard is named, so that a
/// business can move.
#[derive(Debug, Clone, Copy)]
pub struct Cell<'a> {
    /// The column.
    pub column: Column,
    /// The business, or all account users.
    pub scope: KeyScope,
    /// The row's primary key.
    pub row: &'a [u8],
    /// The values that the ciphertext is bound to, as [`Column::bound`] lists them: ids as their 16 bytes, times as
    /// eight bytes of milliseconds, big endian, names as text.
    pub bound: &'a [&'a [u8]],
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn column_numbers_are_permanent() {
        let numbers = Column::ALL.map(|column| (column.number(), column.name()));
        assert_eq!(
            numbers,
            [
                (1, "message.body"),
                (2, "visitor_address.address"),
                (3, "account.name"),
                (4, "account.email"),
                (5, "invitation.email"),
                (6, "email_change.email"),
                (7, "account_request.words"),
                (20, "note.body"),
                (21, "conversation_card.card"),
                (22, "contact.email"),
                (30, "billing_record.address"),
                (31, "erasure_contact.contact"),
                (80, "satisfaction.comment"),
                (50, "identity_secret.secret"),
                (51, "vendor_key.secret"),
                (70, "file.name"),
                (40, "rectification.body"),
                (41, "privacy_request.words"),
                (52, "webhook.secret"),
                (53, "visitor_identity.subject"),
                (60, "visitor_page.path"),
            ]
        );
    }
}
