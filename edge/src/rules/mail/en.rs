//! Letters in English.

use super::words::{LetterWords, Words};

pub(super) const WORDS: Words = Words {
    language: "en",
    hello: "Hello {name},",
    hello_nobody: "Hello,",
    foot: "Loquet at {host} sent this because it concerns your account. It is not advertising, and it does not tell us whether you read it.",
    foot_visitor: "Loquet at {host} sent this for {business}, because you left this address in its chat. It is not advertising, and it does not tell anybody whether you read it.",
    moment: "{day} {month} {year}, {time} UTC",
    months: [
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ],
    roles: ["owner", "administrator", "manager", "viewer"],
    rights: [
        "access",
        "rectification",
        "erasure",
        "restriction",
        "portability",
        "objection",
        "a report of a child’s data",
    ],
    account: "your Loquet account",
    sign_in_code: LetterWords {
        subject: "{code} is your Loquet code",
        lead: "Enter this code to sign in:",
        act: "",
        after: &[
            "It works once, within {minutes} minutes, where you asked for it. Nobody from Loquet will ever ask you for it.",
            "If you did not want to sign in, you need not do anything.",
        ],
    },
    sign_up_code: LetterWords {
        subject: "{code} is your Loquet code",
        lead: "Enter this code to open your account:",
        act: "",
        after: &[
            "It works once, within {minutes} minutes, where you asked for it.",
            "If you did not want an account, you need not do anything: none is opened without this code.",
        ],
    },
    already_signed_up: LetterWords {
        subject: "{code} is your Loquet code",
        lead: "Somebody, perhaps you, wanted to open an account with this address, which has one already. Enter this code to sign in:",
        act: "",
        after: &[
            "It works once, within {minutes} minutes, where you asked for it. Nobody from Loquet will ever ask you for it.",
            "If it was not you, you need not do anything: nothing was changed.",
        ],
    },
    email_change_code: LetterWords {
        subject: "{code} is your Loquet code",
        lead: "Enter this code to use this address for your account:",
        act: "",
        after: &[
            "It works once, within {minutes} minutes, where you asked for it.",
            "If you did not ask for it, you need not do anything: without this code nothing changes.",
        ],
    },
    invitation: LetterWords {
        subject: "{inviter} invites you to {business} on Loquet",
        lead: "{inviter} invites you to the team of {business} on Loquet, as {role}.",
        act: "See the invitation",
        after: &[
            "The invitation stands until {until}.",
            "If you do not know what this is about, you need not do anything.",
        ],
    },
    new_device: LetterWords {
        subject: "A new device signed in to your Loquet account",
        lead: "On {at}, somebody signed in to your account on a device that was not seen before: {device}.",
        act: "See your devices",
        after: &[
            "If it was you, there is nothing to do. If not, sign that device out there, and write to {contact}.",
        ],
    },
    new_passkey: LetterWords {
        subject: "A passkey was added to your Loquet account",
        lead: "On {at}, a passkey was added to your account, on this device: {device}. It can sign in from now on.",
        act: "See your passkeys",
        after: &[
            "If it was you, there is nothing to do. If not, remove it there, sign all devices out, and write to {contact}.",
        ],
    },
    new_token: LetterWords {
        subject: "A new API token for {business}",
        lead: "On {at}, the API token “{token}” for {business} was made under your account.",
        act: "See the tokens",
        after: &[
            "If it was you, there is nothing to do. If not, revoke it there, sign all devices out, and write to {contact}.",
        ],
    },
    email_changing: LetterWords {
        subject: "The address of your Loquet account is about to change",
        lead: "On {until}, your account gets another address. Until then, this address can stop the change.",
        act: "Stop the change",
        after: &[
            "If it was you, there is nothing to do. If not, stop the change, sign all devices out, and write to {contact}.",
        ],
    },
    email_changed: LetterWords {
        subject: "This is now the address of your Loquet account",
        lead: "Since {at}, codes and letters of your account come to this address.",
        act: "Open your account",
        after: &["If you do not know what this is about, write to {contact}."],
    },
    ownership_transferred: LetterWords {
        subject: "{business} on Loquet has a new owner",
        lead: "On {at}, the ownership of {business} on Loquet was handed over.",
        act: "See the team",
        after: &["If you do not agree, write to {contact}."],
    },
    visitor_address: LetterWords {
        subject: "Confirm your address for {business}",
        lead: "You left this address in the chat of {business}, so that an answer can reach you. Confirm that it is yours:",
        act: "Confirm this address",
        after: &[
            "The link works until {until}. Without it nothing else is sent here.",
            "If you did not leave it, you need not do anything.",
        ],
    },
    visitor_reply: LetterWords {
        subject: "{business} has answered you",
        lead: "{author} of {business} has answered you in the chat. Read it where you wrote:",
        act: "Open the conversation",
        after: &["The link opens this one conversation, once, until {until}. Do not pass it on."],
    },
    visitor_code: LetterWords {
        subject: "Your data at {business}: the way in",
        lead: "Somebody, perhaps you, asked for the privacy page of a chat with {business} in which you confirmed this address. It opens here, once, until {until}:",
        act: "Open the privacy page",
        after: &[
            "On another device, enter this code there: {code}",
            "If it was not you, you need not do anything: nobody gets in without this mail. Do not pass it on.",
        ],
    },
    visitor_resume: LetterWords {
        subject: "Your code for the chat with {business}",
        lead: "You asked for the code that opens your chat with {business} again, on any device, until {until}: {code}",
        act: "Enter it here",
        after: &[
            "Whoever has the code can read the chat and erase it, so keep it to yourself. A new one replaces it.",
        ],
    },
    inbox_digest: LetterWords {
        subject: "{count} waiting at {business}",
        lead: "In the inbox of {business}, this is what waits: {count} open conversations, {mentions} of your mentions since the last mail.",
        act: "Open the inbox",
        after: &["You can change how often this comes, or stop it, in the inbox’s notifications."],
    },
    request_due: LetterWords {
        subject: "Due on {until}: a request about personal data at {business}",
        lead: "A person’s request ({kind}) at {business} must be answered by {until}. Days left: {days}.",
        act: "See the requests",
        after: &[
            "The law gives 30 days. If it can not be met in time, extend it there once, with the reason; if it must be refused, say why.",
        ],
    },
    own_request_due: LetterWords {
        subject: "Due on {until}: a request of somebody with an account",
        lead: "A request of somebody with an account about their own data must be answered by {until}. Days left: {days}.",
        act: "See the requests",
        after: &[
            "The law gives 30 days. If it can not be met in time, extend it there once, with the reason; if it must be refused, say why.",
        ],
    },
    own_request_answered: LetterWords {
        subject: "Your request of {at} about your data",
        lead: "There is an answer to your request of {at} about your own data, or the notice that it takes longer. It stands in your profile, with the reason.",
        act: "See the answer",
        after: &[
            "If you do not agree with it, you can complain to a supervisory authority; the page names it where something was refused. Questions: {contact}.",
        ],
    },
    deletion_asked: LetterWords {
        subject: "{subject} will be deleted on {until}",
        lead: "On {at}, you asked to delete {subject}. It happens on {until}: from then on nothing that is sealed opens any more, in no backup either.",
        act: "See or cancel it",
        after: &[
            "Until then everything works as before, and you can cancel it. If it was not you, cancel it, sign all devices out, and write to {contact}.",
        ],
    },
    deletion_soon: LetterWords {
        subject: "In {days} days: {subject} will be deleted",
        lead: "On {until}, {subject} will be deleted for good: conversations, files, settings and keys. Invoices are kept for as long as the law demands.",
        act: "Cancel it",
        after: &["If that is what you want, there is nothing to do."],
    },
    deletion_done: LetterWords {
        subject: "Deletion under way: {subject}",
        lead: "The deletion of {subject} began on {at} and can’t be stopped any more. The keys are destroyed first: from then on nothing that is sealed opens, in no backup either. Whoever asks about it names: {receipt}.",
        act: "Open Loquet",
        after: &[
            "A signed receipt comes to this address once a second look has found nothing. The address is kept apart for that one letter, for seven days at most.",
            "If you do not know what this is about, write to {contact}.",
        ],
    },
    deletion_receipt: LetterWords {
        subject: "Receipt: {subject} is deleted",
        lead: "The deletion of {subject} is done, and a second look found nothing of it. The signed receipt stands below; whoever has it can check it here:",
        act: "Check the receipt",
        after: &[
            "The receipt names nobody. With its id, {erasure}, and your secret, {nonce}, you can show that it is yours. Nobody can give you the secret again.",
            "Your address was kept for this letter alone: its key is destroyed once the letter has gone.",
            "To check the receipt, paste everything from the first brace to the last:",
        ],
    },
    deletion_kept: LetterWords {
        subject: "Your Loquet account was not deleted",
        lead: "The deletion of your account was due and did not happen, because other people belong to a business that would be left without an owner: {others}.",
        act: "See the team",
        after: &[
            "The deletion is cancelled. Remove them or hand the business over, then ask for it anew. Questions reach {contact}.",
        ],
    },
    processor_coming: LetterWords {
        subject: "From {until}, Loquet works with: {names}",
        lead: "From {until}, Loquet may hand personal data to {names}, or on other terms than now. Nothing new is handed over before. What for, where and with which safeguard can be read today.",
        act: "Read the notice",
        after: &[
            "A business may object until that day, or choose who answers on its sites. If you do not agree, you can delete your account before it. Questions reach {contact}.",
        ],
    },
    notice_changing: LetterWords {
        subject: "The privacy notice of Loquet changes on {until}",
        lead: "On {until}, a new edition of the privacy notice takes effect. Until then the present one stays in force; both can be read today.",
        act: "Read both",
        after: &[
            "If you do not agree, you can delete your account before that day. Questions reach {contact}.",
        ],
    },
    job_alarm: LetterWords {
        subject: "Loquet needs a look: {jobs}",
        lead: "A job of your deployment is late, or its last run failed: {jobs}.",
        act: "See what is wrong",
        after: &[
            "Jobs keep promises about deletion. The log names the cause; while it lasts, you hear of it once a day.",
        ],
    },
};
