//! Letters in French.

use super::words::{LetterWords, Words};

pub(super) const WORDS: Words = Words {
    language: "fr",
    hello: "Bonjour {name},",
    hello_nobody: "Bonjour,",
    foot: "Loquet, sur {host}, vous écrit parce que cela concerne votre compte. Ce n’est pas de la publicité, et nous ne savons pas si vous lisez ce message.",
    foot_visitor: "Loquet, à l’adresse {host}, a envoyé ce message pour {business}, parce que vous avez laissé cette adresse dans son chat. Ce n’est pas de la publicité, et personne n’apprend si vous l’avez lu.",
    moment: "{day} {month} {year} à {time} UTC",
    months: [
        "janvier",
        "février",
        "mars",
        "avril",
        "mai",
        "juin",
        "juillet",
        "août",
        "septembre",
        "octobre",
        "novembre",
        "décembre",
    ],
    roles: ["propriétaire", "administrateur", "gestionnaire", "lecteur"],
    rights: [
        "accès",
        "rectification",
        "effacement",
        "limitation",
        "portabilité",
        "opposition",
        "signalement de données d’un enfant",
    ],
    account: "votre compte Loquet",
    sign_in_code: LetterWords {
        subject: "{code} est votre code Loquet",
        lead: "Saisissez ce code pour vous connecter :",
        act: "",
        after: &[
            "Il sert une seule fois, pendant {minutes} minutes, là où vous l’avez demandé. Personne chez Loquet ne vous le demandera jamais.",
            "Si vous ne vouliez pas vous connecter, vous n’avez rien à faire.",
        ],
    },
    sign_up_code: LetterWords {
        subject: "{code} est votre code Loquet",
        lead: "Saisissez ce code pour ouvrir votre compte :",
        act: "",
        after: &[
            "Il sert une seule fois, pendant {minutes} minutes, là où vous l’avez demandé.",
            "Si vous ne vouliez pas de compte, vous n’avez rien à faire : aucun n’est ouvert sans ce code.",
        ],
    },
    already_signed_up: LetterWords {
        subject: "{code} est votre code Loquet",
        lead: "Quelqu’un, peut-être vous, a voulu ouvrir un compte avec cette adresse, qui en a déjà un. Saisissez ce code pour vous connecter :",
        act: "",
        after: &[
            "Il sert une seule fois, pendant {minutes} minutes, là où vous l’avez demandé. Personne chez Loquet ne vous le demandera jamais.",
            "Si ce n’était pas vous, vous n’avez rien à faire : rien n’a changé.",
        ],
    },
    email_change_code: LetterWords {
        subject: "{code} est votre code Loquet",
        lead: "Saisissez ce code pour utiliser cette adresse avec votre compte :",
        act: "",
        after: &[
            "Il sert une seule fois, pendant {minutes} minutes, là où vous l’avez demandé.",
            "Si vous ne l’avez pas demandé, vous n’avez rien à faire : sans ce code, rien ne change.",
        ],
    },
    invitation: LetterWords {
        subject: "{inviter} vous invite à rejoindre {business} sur Loquet",
        lead: "{inviter} vous invite à rejoindre l’équipe de {business} sur Loquet, avec le rôle suivant : {role}.",
        act: "Voir l’invitation",
        after: &[
            "L’invitation est valable jusqu’au {until}.",
            "Si vous ne savez pas de quoi il s’agit, vous n’avez rien à faire.",
        ],
    },
    new_device: LetterWords {
        subject: "Un nouvel appareil s’est connecté à votre compte Loquet",
        lead: "Le {at}, quelqu’un s’est connecté à votre compte sur un appareil encore inconnu : {device}.",
        act: "Voir vos appareils",
        after: &[
            "Si c’était vous, il n’y a rien à faire. Sinon, déconnectez-y cet appareil et écrivez à {contact}.",
        ],
    },
    new_passkey: LetterWords {
        subject: "Une clé d’accès a été ajoutée à votre compte Loquet",
        lead: "Le {at}, une clé d’accès a été ajoutée à votre compte, sur cet appareil : {device}. Elle permet désormais de se connecter.",
        act: "Voir vos clés d’accès",
        after: &[
            "Si c’était vous, il n’y a rien à faire. Sinon, retirez-la, déconnectez tous les appareils et écrivez à {contact}.",
        ],
    },
    new_token: LetterWords {
        subject: "Un nouveau jeton d’API pour {business}",
        lead: "Le {at}, le jeton d’API « {token} » pour {business} a été créé depuis votre compte.",
        act: "Voir les jetons",
        after: &[
            "Si c’était vous, il n’y a rien à faire. Sinon, révoquez-le, déconnectez tous les appareils et écrivez à {contact}.",
        ],
    },
    email_changing: LetterWords {
        subject: "L’adresse de votre compte Loquet va changer",
        lead: "Le {until}, votre compte recevra une autre adresse. D’ici là, cette adresse-ci peut arrêter le changement.",
        act: "Arrêter le changement",
        after: &[
            "Si c’était vous, il n’y a rien à faire. Sinon, arrêtez le changement, déconnectez tous les appareils et écrivez à {contact}.",
        ],
    },
    email_changed: LetterWords {
        subject: "Voici désormais l’adresse de votre compte Loquet",
        lead: "Depuis le {at}, les codes et les messages de votre compte arrivent à cette adresse.",
        act: "Ouvrir votre compte",
        after: &["Si vous ne savez pas de quoi il s’agit, écrivez à {contact}."],
    },
    ownership_transferred: LetterWords {
        subject: "{business} a un nouveau propriétaire sur Loquet",
        lead: "Le {at}, la propriété de {business} sur Loquet a été transmise.",
        act: "Voir l’équipe",
        after: &["Si vous n’êtes pas d’accord, écrivez à {contact}."],
    },
    visitor_address: LetterWords {
        subject: "Confirmez votre adresse pour {business}",
        lead: "Vous avez laissé cette adresse dans le chat de {business}, afin qu’une réponse puisse vous parvenir. Confirmez qu’elle est bien à vous :",
        act: "Confirmer cette adresse",
        after: &[
            "Le lien fonctionne jusqu’au {until}. Sans cela, rien d’autre n’est envoyé ici.",
            "Si ce n’était pas vous, il n’y a rien à faire.",
        ],
    },
    visitor_reply: LetterWords {
        subject: "{business} vous a répondu",
        lead: "{author}, de {business}, vous a répondu dans le chat. Lisez la réponse là où vous avez écrit :",
        act: "Ouvrir la conversation",
        after: &[
            "Le lien ouvre cette seule conversation, une seule fois, jusqu’au {until}. Ne le transmettez pas.",
        ],
    },
    visitor_code: LetterWords {
        subject: "Vos données chez {business} : l’accès",
        lead: "Quelqu’un, peut-être vous, a demandé la page de confidentialité d’un chat avec {business} dans lequel vous avez confirmé cette adresse. Elle s’ouvre ici, une fois, jusqu’au {until} :",
        act: "Ouvrir la page de confidentialité",
        after: &[
            "Sur un autre appareil, saisissez-y ce code : {code}",
            "Si ce n’était pas vous, vous n’avez rien à faire : sans cet e-mail, personne n’entre. Ne le transmettez pas.",
        ],
    },
    visitor_resume: LetterWords {
        subject: "Votre code pour le chat avec {business}",
        lead: "Vous avez demandé le code qui rouvre votre chat avec {business}, sur tout appareil, jusqu’au {until} : {code}",
        act: "Le saisir ici",
        after: &[
            "Quiconque a le code peut lire le chat et l’effacer : gardez-le pour vous. Un nouveau le remplace.",
        ],
    },
    inbox_digest: LetterWords {
        subject: "{count} en attente chez {business}",
        lead: "Dans la boîte de réception de {business}, voici ce qui attend : {count} conversations ouvertes, {mentions} mentions de vous depuis le dernier message.",
        act: "Ouvrir la boîte de réception",
        after: &[
            "Vous pouvez changer la fréquence de ce message, ou l’arrêter, dans les notifications de la boîte de réception.",
        ],
    },
    request_due: LetterWords {
        subject: "À traiter avant le {until} : une demande sur des données personnelles chez {business}",
        lead: "La demande d’une personne ({kind}) adressée à {business} doit recevoir une réponse avant le {until}. Jours restants : {days}.",
        act: "Voir les demandes",
        after: &[
            "La loi donne 30 jours. Si ce délai ne suffit pas, prolongez-le une fois sur cette page, avec le motif ; si la demande doit être refusée, dites pourquoi.",
        ],
    },
    own_request_due: LetterWords {
        subject: "À traiter avant le {until} : la demande d’une personne qui a un compte",
        lead: "La demande d’une personne qui a un compte, sur ses propres données, doit recevoir une réponse avant le {until}. Jours restants : {days}.",
        act: "Voir les demandes",
        after: &[
            "La loi donne 30 jours. Si ce délai ne suffit pas, prolongez-le une fois sur cette page, avec le motif ; si la demande doit être refusée, dites pourquoi.",
        ],
    },
    own_request_answered: LetterWords {
        subject: "Votre demande du {at} sur vos données",
        lead: "Votre demande du {at} sur vos propres données a reçu une réponse, ou l’annonce d’un délai plus long. Elle se trouve dans votre profil, avec le motif.",
        act: "Voir la réponse",
        after: &[
            "Si vous n’êtes pas d’accord, vous pouvez saisir une autorité de contrôle ; la page la nomme en cas de refus. Questions : {contact}.",
        ],
    },
    deletion_asked: LetterWords {
        subject: "Suppression de {subject} le {until}",
        lead: "Le {at}, vous avez demandé la suppression de {subject}. Elle aura lieu le {until} : dès lors plus rien de ce qui est scellé ne s’ouvre, dans aucune sauvegarde non plus.",
        act: "Voir ou annuler",
        after: &[
            "D’ici là tout fonctionne comme avant, et vous pouvez annuler. Si ce n’était pas vous, annulez, déconnectez tous les appareils et écrivez à {contact}.",
        ],
    },
    deletion_soon: LetterWords {
        subject: "Dans {days} jours : suppression de {subject}",
        lead: "Suppression définitive de {subject} le {until} : conversations, fichiers, réglages et clés. Les factures sont conservées aussi longtemps que la loi l’exige.",
        act: "Annuler",
        after: &["Si c’est ce que vous voulez, il n’y a rien à faire."],
    },
    deletion_done: LetterWords {
        subject: "Suppression en cours : {subject}",
        lead: "La suppression de {subject} a commencé le {at} et ne peut plus être arrêtée. Les clés sont détruites d’abord : dès lors plus rien de ce qui est scellé ne s’ouvre, dans aucune sauvegarde non plus. Référence pour toute question : {receipt}.",
        act: "Ouvrir Loquet",
        after: &[
            "Un reçu signé arrive à cette adresse dès qu’un second examen n’a plus rien trouvé. L’adresse est gardée à part pour cette seule lettre, sept jours au plus.",
            "Si vous ne savez pas de quoi il s’agit, écrivez à {contact}.",
        ],
    },
    deletion_receipt: LetterWords {
        subject: "Reçu : {subject}, suppression faite",
        lead: "La suppression de {subject} est faite, et un second examen n’en a plus rien trouvé. Le reçu signé figure ci-dessous ; quiconque le détient peut le vérifier ici :",
        act: "Vérifier le reçu",
        after: &[
            "Le reçu ne nomme personne. Avec son identifiant, {erasure}, et votre secret, {nonce}, vous pouvez montrer qu’il est à vous. Personne ne peut vous redonner le secret.",
            "Votre adresse n’a été gardée que pour cette lettre : sa clé est détruite une fois la lettre partie.",
            "Pour vérifier le reçu, collez tout, de la première accolade à la dernière :",
        ],
    },
    deletion_kept: LetterWords {
        subject: "Votre compte Loquet n’a pas été supprimé",
        lead: "La suppression de votre compte était prévue et n’a pas eu lieu, car d’autres personnes font partie d’un établissement qui resterait sans propriétaire : {others}.",
        act: "Voir l’équipe",
        after: &[
            "La suppression est annulée. Retirez ces personnes ou transmettez l’établissement, puis redemandez-la. Pour toute question : {contact}.",
        ],
    },
    processor_coming: LetterWords {
        subject: "À partir du {until}, Loquet travaille avec : {names}",
        lead: "À partir du {until}, Loquet pourra transmettre des données personnelles à {names}, ou à d’autres conditions que maintenant. Rien de nouveau n’est transmis d’ici là. L’usage, le lieu et la garantie peuvent être lus dès aujourd’hui.",
        act: "Lire la notice",
        after: &[
            "Un établissement peut s’y opposer jusqu’à cette date, ou choisir qui répond sur ses sites. Si vous n’êtes pas d’accord, vous pouvez supprimer votre compte d’ici là. Vos questions : {contact}.",
        ],
    },
    notice_changing: LetterWords {
        subject: "La notice de confidentialité de Loquet change le {until}",
        lead: "Le {until}, une nouvelle édition de la notice de confidentialité prend effet. D’ici là, l’actuelle reste en vigueur ; les deux peuvent être lues dès aujourd’hui.",
        act: "Lire les deux",
        after: &[
            "Si vous n’êtes pas d’accord, vous pouvez supprimer votre compte avant cette date. Vos questions : {contact}.",
        ],
    },
    job_alarm: LetterWords {
        subject: "Loquet demande votre attention : {jobs}",
        lead: "Une tâche de votre déploiement est en retard, ou sa dernière exécution a échoué : {jobs}.",
        act: "Voir ce qui ne va pas",
        after: &[
            "Les tâches tiennent les promesses d’effacement. Le journal en dit la cause ; tant qu’elle dure, vous en êtes averti une fois par jour.",
        ],
    },
};
