//! Mails: a row of the outbox in the batch of what they tell of. Address and words are put in at sending.

use shared::id::{AccountId, BusinessId, CodeId, InvitationId, MailId};
use shared::time::Millis;

use crate::platform::Statement;

/// What a mail is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailKind {
    /// A code to sign in with. `about`: the code.
    SignInCode,
    /// A code to confirm a sign-up with. `about`: the code.
    SignUpCode,
    /// Somebody signed up with an address that has an account: the code signs in to it. `about`: the code.
    AlreadySignedUp,
    /// A code that proves a new address; goes to the new one. `about`: the code.
    EmailChangeCode,
    /// The address will change; goes to the old one, with the link that stops it. `about`: the code of the change.
    EmailChanging,
    /// The address has changed; goes to the new one. `about`: the code of the change.
    EmailChanged,
    /// An invitation into a business. `about`: the invitation.
    Invitation,
    /// Somebody signed in on a device that was not seen before. `about`: the session.
    NewDevice,
    /// A passkey was added. `about`: the passkey.
    NewPasskey,
    /// An API token was made. `about`: the token.
    NewToken,
    /// The business was handed over. `about`: nothing; `business` says which.
    OwnershipTransferred,
}

impl MailKind {
    /// The name, as it is kept.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SignInCode => "sign_in_code",
            Self::SignUpCode => "sign_up_code",
            Self::AlreadySignedUp => "already_signed_up",
            Self::EmailChangeCode => "email_change_code",
            Self::EmailChanging => "email_changing",
            Self::EmailChanged => "email_changed",
            Self::Invitation => "invitation",
            Self::NewDevice => "new_device",
            Self::NewPasskey => "new_passkey",
            Self::NewToken => "new_token",
            Self::OwnershipTransferred => "ownership_transferred",
        }
    }
}

/// Whom a mail goes to: an id behind which the address is sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recipient {
    /// Somebody who has an account.
    Account(AccountId),
    /// Somebody who is invited.
    Invitation(InvitationId),
    /// The new address of a change of address.
    EmailChange(CodeId),
}

/// A mail to send.
#[derive(Debug, Clone)]
pub struct NewMail {
    /// Minted by whoever asks.
    pub id: MailId,
    /// What it is about.
    pub kind: MailKind,
    /// Whom it goes to.
    pub recipient: Recipient,
    /// The business that it concerns.
    pub business: Option<BusinessId>,
    /// An id that the kind says.
    pub about: Option<String>,
    /// When it was asked for.
    pub now: Millis,
}

/// Adds a mail.
const MAIL_INSERT: &str = "
INSERT INTO mail (id, kind, recipient_kind, recipient, business, about, next_try_at, created_at)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)
";

/// The statement that adds a mail to the directory's outbox.
pub fn mail_insert(new: &NewMail) -> Statement {
    let (kind, recipient) = match new.recipient {
        Recipient::Account(id) => ("account", id.to_string()),
        Recipient::Invitation(id) => ("invitation", id.to_string()),
        Recipient::EmailChange(id) => ("email_change", id.to_string()),
    };
    Statement::new(
        MAIL_INSERT,
        [
            new.id.into(),
            new.kind.as_str().into(),
            kind.into(),
            recipient.into(),
            new.business.into(),
            new.about.clone().into(),
            new.now.into(),
        ],
    )
}
