//! Letters in German.

use super::words::{LetterWords, Words};

pub(super) const WORDS: Words = Words {
    language: "de",
    hello: "Guten Tag {name},",
    hello_nobody: "Guten Tag,",
    foot: "Loquet auf {host} schreibt Ihnen, weil es Ihr Konto betrifft. Das ist keine Werbung, und wir erfahren nicht, ob Sie es lesen.",
    foot_visitor: "Loquet auf {host} hat dies für {business} gesendet, weil Sie diese Adresse in dessen Chat hinterlassen haben. Es ist keine Werbung, und niemand erfährt, ob Sie es gelesen haben.",
    moment: "{day}. {month} {year}, {time} UTC",
    months: [
        "Januar",
        "Februar",
        "März",
        "April",
        "Mai",
        "Juni",
        "Juli",
        "August",
        "September",
        "Oktober",
        "November",
        "Dezember",
    ],
    roles: ["Inhaber", "Administrator", "Manager", "Betrachter"],
    rights: [
        "Auskunft",
        "Berichtigung",
        "Löschung",
        "Einschränkung",
        "Übertragbarkeit",
        "Widerspruch",
        "Meldung von Daten eines Kindes",
    ],
    account: "Ihr Loquet-Konto",
    sign_in_code: LetterWords {
        subject: "{code} ist Ihr Loquet-Code",
        lead: "Mit diesem Code melden Sie sich an:",
        act: "",
        after: &[
            "Er gilt einmal, {minutes} Minuten lang, dort, wo Sie ihn angefordert haben. Niemand von Loquet wird Sie je danach fragen.",
            "Wenn Sie sich nicht anmelden wollten, müssen Sie nichts tun.",
        ],
    },
    sign_up_code: LetterWords {
        subject: "{code} ist Ihr Loquet-Code",
        lead: "Mit diesem Code eröffnen Sie Ihr Konto:",
        act: "",
        after: &[
            "Er gilt einmal, {minutes} Minuten lang, dort, wo Sie ihn angefordert haben.",
            "Wenn Sie kein Konto wollten, müssen Sie nichts tun: Ohne diesen Code entsteht keines.",
        ],
    },
    already_signed_up: LetterWords {
        subject: "{code} ist Ihr Loquet-Code",
        lead: "Jemand, vielleicht Sie, wollte mit dieser Adresse ein Konto eröffnen; sie hat schon eines. Mit diesem Code melden Sie sich an:",
        act: "",
        after: &[
            "Er gilt einmal, {minutes} Minuten lang, dort, wo Sie ihn angefordert haben. Niemand von Loquet wird Sie je danach fragen.",
            "Waren Sie es nicht, müssen Sie nichts tun: Es wurde nichts geändert.",
        ],
    },
    email_change_code: LetterWords {
        subject: "{code} ist Ihr Loquet-Code",
        lead: "Mit diesem Code verwenden Sie diese Adresse für Ihr Konto:",
        act: "",
        after: &[
            "Er gilt einmal, {minutes} Minuten lang, dort, wo Sie ihn angefordert haben.",
            "Wenn Sie ihn nicht angefordert haben, müssen Sie nichts tun: Ohne diesen Code ändert sich nichts.",
        ],
    },
    invitation: LetterWords {
        subject: "{inviter} lädt Sie zu {business} auf Loquet ein",
        lead: "{inviter} lädt Sie in das Team von {business} auf Loquet ein, und zwar als {role}.",
        act: "Einladung ansehen",
        after: &[
            "Die Einladung gilt bis {until}.",
            "Wenn Sie nicht wissen, worum es geht, müssen Sie nichts tun.",
        ],
    },
    new_device: LetterWords {
        subject: "Neues Gerät in Ihrem Loquet-Konto angemeldet",
        lead: "Am {at} hat sich jemand mit einem bisher unbekannten Gerät in Ihrem Konto angemeldet: {device}.",
        act: "Geräte ansehen",
        after: &[
            "Waren Sie es, ist nichts zu tun. Wenn nicht, melden Sie das Gerät dort ab und schreiben Sie an {contact}.",
        ],
    },
    new_passkey: LetterWords {
        subject: "Neuer Passkey in Ihrem Loquet-Konto",
        lead: "Am {at} kam ein Passkey zu Ihrem Konto hinzu, auf diesem Gerät: {device}. Er kann sich ab jetzt anmelden.",
        act: "Passkeys ansehen",
        after: &[
            "Waren Sie es, ist nichts zu tun. Wenn nicht, entfernen Sie ihn dort, melden Sie alle Geräte ab und schreiben Sie an {contact}.",
        ],
    },
    new_token: LetterWords {
        subject: "Neues API-Token für {business}",
        lead: "Am {at} wurde unter Ihrem Konto das API-Token „{token}“ für {business} erstellt.",
        act: "Token ansehen",
        after: &[
            "Waren Sie es, ist nichts zu tun. Wenn nicht, widerrufen Sie es dort, melden Sie alle Geräte ab und schreiben Sie an {contact}.",
        ],
    },
    email_changing: LetterWords {
        subject: "Die Adresse Ihres Loquet-Kontos wird sich ändern",
        lead: "Am {until} erhält Ihr Konto eine andere Adresse. Bis dahin kann diese Adresse die Änderung anhalten.",
        act: "Änderung anhalten",
        after: &[
            "Waren Sie es, ist nichts zu tun. Wenn nicht, halten Sie die Änderung an, melden Sie alle Geräte ab und schreiben Sie an {contact}.",
        ],
    },
    email_changed: LetterWords {
        subject: "Das ist jetzt die Adresse Ihres Loquet-Kontos",
        lead: "Seit {at} kommen Codes und Nachrichten Ihres Kontos an diese Adresse.",
        act: "Konto öffnen",
        after: &["Wenn Sie nicht wissen, worum es geht, schreiben Sie an {contact}."],
    },
    ownership_transferred: LetterWords {
        subject: "{business} hat auf Loquet einen neuen Inhaber",
        lead: "Am {at} wurde {business} auf Loquet an einen anderen Inhaber übergeben.",
        act: "Team ansehen",
        after: &["Wenn Sie nicht einverstanden sind, schreiben Sie an {contact}."],
    },
    visitor_address: LetterWords {
        subject: "Bestätigen Sie Ihre Adresse für {business}",
        lead: "Sie haben diese Adresse im Chat von {business} hinterlassen, damit eine Antwort Sie erreicht. Bestätigen Sie, dass es Ihre ist:",
        act: "Adresse bestätigen",
        after: &[
            "Der Link gilt bis {until}. Ohne ihn wird nichts weiter hierher gesendet.",
            "Wenn Sie es nicht waren, müssen Sie nichts tun.",
        ],
    },
    visitor_reply: LetterWords {
        subject: "{business} hat Ihnen geantwortet",
        lead: "{author} von {business} hat Ihnen im Chat geantwortet. Lesen Sie es dort, wo Sie geschrieben haben:",
        act: "Gespräch öffnen",
        after: &["Der Link öffnet nur dieses Gespräch, einmal, bis {until}. Geben Sie ihn nicht weiter."],
    },
    visitor_code: LetterWords {
        subject: "Ihre Daten bei {business}: der Zugang",
        lead: "Jemand, vielleicht Sie, hat die Datenschutzseite eines Chats mit {business} verlangt, in dem Sie diese Adresse bestätigt haben. Sie öffnet sich hier, einmal, bis {until}:",
        act: "Datenschutzseite öffnen",
        after: &[
            "Auf einem anderen Gerät geben Sie dort diesen Code ein: {code}",
            "Wenn Sie es nicht waren, müssen Sie nichts tun: Ohne diese E-Mail kommt niemand hinein. Geben Sie sie nicht weiter.",
        ],
    },
    visitor_resume: LetterWords {
        subject: "Ihr Code für den Chat mit {business}",
        lead: "Sie haben den Code verlangt, der Ihren Chat mit {business} auf jedem Gerät wieder öffnet, bis {until}: {code}",
        act: "Hier eingeben",
        after: &[
            "Wer den Code hat, kann den Chat lesen und löschen: Behalten Sie ihn für sich. Ein neuer ersetzt ihn.",
        ],
    },
    inbox_digest: LetterWords {
        subject: "{count} warten bei {business}",
        lead: "Im Posteingang von {business} wartet: {count} offene Gespräche, {mentions} Erwähnungen von Ihnen seit der letzten Mail.",
        act: "Posteingang öffnen",
        after: &[
            "Wie oft diese Mail kommt, stellen Sie in den Benachrichtigungen des Posteingangs ein; dort lässt sie sich auch abschalten.",
        ],
    },
    request_due: LetterWords {
        subject: "Fällig am {until}: eine Anfrage zu personenbezogenen Daten bei {business}",
        lead: "Die Anfrage einer Person ({kind}) an {business} muss bis {until} beantwortet werden. Verbleibende Tage: {days}.",
        act: "Anfragen ansehen",
        after: &[
            "Das Gesetz gibt 30 Tage. Reicht das nicht, verlängern Sie dort einmal, mit Begründung; muss sie abgelehnt werden, sagen Sie warum.",
        ],
    },
    own_request_due: LetterWords {
        subject: "Fällig am {until}: die Anfrage einer Person mit Konto",
        lead: "Die Anfrage einer Person mit Konto zu ihren eigenen Daten muss bis {until} beantwortet werden. Verbleibende Tage: {days}.",
        act: "Anfragen ansehen",
        after: &[
            "Das Gesetz gibt 30 Tage. Reicht das nicht, verlängern Sie dort einmal, mit Begründung; muss sie abgelehnt werden, sagen Sie warum.",
        ],
    },
    own_request_answered: LetterWords {
        subject: "Ihre Anfrage vom {at} zu Ihren Daten",
        lead: "Zu Ihrer Anfrage vom {at} über Ihre eigenen Daten gibt es eine Antwort oder die Mitteilung, dass sie länger dauert. Sie steht in Ihrem Profil, mit der Begründung.",
        act: "Antwort ansehen",
        after: &[
            "Sind Sie nicht einverstanden, können Sie sich bei einer Aufsichtsbehörde beschweren; die Seite nennt sie, wo etwas abgelehnt wurde. Fragen: {contact}.",
        ],
    },
    deletion_asked: LetterWords {
        subject: "Am {until} gelöscht: {subject}",
        lead: "Am {at} haben Sie diese Löschung verlangt: {subject}. Sie geschieht am {until}: Von da an lässt sich nichts mehr öffnen, was versiegelt ist, auch in keiner Sicherungskopie.",
        act: "Ansehen oder abbrechen",
        after: &[
            "Bis dahin funktioniert alles wie bisher, und Sie können abbrechen. Waren Sie das nicht, brechen Sie ab, melden alle Geräte ab und schreiben an {contact}.",
        ],
    },
    deletion_soon: LetterWords {
        subject: "In {days} Tagen gelöscht: {subject}",
        lead: "Am {until} wird endgültig gelöscht: {subject}, mit Gesprächen, Dateien, Einstellungen und Schlüsseln. Rechnungen bleiben so lange, wie das Gesetz es verlangt.",
        act: "Abbrechen",
        after: &["Wenn Sie das so wollen, ist nichts zu tun."],
    },
    deletion_done: LetterWords {
        subject: "Löschung läuft: {subject}",
        lead: "Am {at} begann diese Löschung und lässt sich nicht mehr aufhalten: {subject}. Zuerst werden die Schlüssel vernichtet: Von da an lässt sich nichts mehr öffnen, was versiegelt ist, auch in keiner Sicherungskopie. Wer danach fragt, nennt: {receipt}.",
        act: "Loquet öffnen",
        after: &[
            "Eine signierte Quittung kommt an diese Adresse, sobald ein zweiter Blick nichts mehr gefunden hat. Die Adresse wird nur für diesen einen Brief getrennt aufbewahrt, höchstens sieben Tage.",
            "Wenn Sie nicht wissen, worum es geht, schreiben Sie an {contact}.",
        ],
    },
    deletion_receipt: LetterWords {
        subject: "Quittung: {subject}, Löschung erledigt",
        lead: "Diese Löschung ist erledigt, und ein zweiter Blick hat nichts mehr gefunden: {subject}. Unten steht die signierte Quittung; wer sie hat, kann sie hier prüfen:",
        act: "Quittung prüfen",
        after: &[
            "Die Quittung nennt niemanden. Mit ihrer Kennung, {erasure}, und Ihrem Geheimnis, {nonce}, können Sie zeigen, dass sie Ihre ist. Niemand kann Ihnen das Geheimnis noch einmal geben.",
            "Ihre Adresse wurde nur für diesen Brief aufbewahrt: Ihr Schlüssel wird vernichtet, sobald er versandt ist.",
            "Um die Quittung zu prüfen, fügen Sie alles von der ersten bis zur letzten Klammer ein:",
        ],
    },
    deletion_kept: LetterWords {
        subject: "Ihr Loquet-Konto wurde nicht gelöscht",
        lead: "Die Löschung Ihres Kontos stand an und fand nicht statt, weil andere zu einem Betrieb gehören, der ohne Inhaber zurückbliebe: {others}.",
        act: "Zum Team",
        after: &[
            "Die Löschung ist abgebrochen. Entfernen Sie diese Personen oder übertragen Sie den Betrieb, dann verlangen Sie sie neu. Fragen erreichen {contact}.",
        ],
    },
    processor_coming: LetterWords {
        subject: "Ab {until} arbeitet Loquet mit: {names}",
        lead: "Ab {until} darf Loquet personenbezogene Daten an {names} weitergeben, oder zu anderen Bedingungen als jetzt. Vorher wird nichts Neues weitergegeben. Wofür, wo und mit welcher Garantie lässt sich heute lesen.",
        act: "Erklärung lesen",
        after: &[
            "Ein Betrieb kann bis zu diesem Tag widersprechen oder wählen, wer auf seinen Websites antwortet. Sind Sie nicht einverstanden, können Sie Ihr Konto vorher löschen. Fragen erreichen {contact}.",
        ],
    },
    notice_changing: LetterWords {
        subject: "Die Datenschutzerklärung von Loquet ändert sich am {until}",
        lead: "Am {until} tritt eine neue Ausgabe der Datenschutzerklärung in Kraft. Bis dahin gilt die jetzige; beide können heute gelesen werden.",
        act: "Beide lesen",
        after: &[
            "Sind Sie nicht einverstanden, können Sie Ihr Konto vor diesem Tag löschen. Fragen erreichen {contact}.",
        ],
    },
    job_alarm: LetterWords {
        subject: "Loquet braucht einen Blick: {jobs}",
        lead: "Ein Job Ihres Deployments ist überfällig, oder sein letzter Lauf ist fehlgeschlagen: {jobs}.",
        act: "Nachsehen, was fehlt",
        after: &[
            "Jobs halten die Zusagen zur Löschung ein. Das Protokoll nennt die Ursache; solange sie besteht, hören Sie einmal am Tag davon.",
        ],
    },
};
