//! Letters in Spanish.

use super::words::{LetterWords, Words};

pub(super) const WORDS: Words = Words {
    language: "es",
    hello: "Hola, {name}:",
    hello_nobody: "Hola:",
    foot: "Loquet, en {host}, le escribe porque se trata de su cuenta. No es publicidad, y no sabemos si lee este mensaje.",
    foot_visitor: "Loquet, en {host}, envió este mensaje en nombre de {business}, porque usted dejó esta dirección en su chat. No es publicidad, y nadie sabe si usted lo ha leído.",
    moment: "{day} de {month} de {year}, {time} UTC",
    months: [
        "enero",
        "febrero",
        "marzo",
        "abril",
        "mayo",
        "junio",
        "julio",
        "agosto",
        "septiembre",
        "octubre",
        "noviembre",
        "diciembre",
    ],
    roles: ["titular", "administrador", "gestor", "lector"],
    rights: [
        "acceso",
        "rectificación",
        "supresión",
        "limitación",
        "portabilidad",
        "oposición",
        "aviso de datos de un menor",
    ],
    account: "su cuenta de Loquet",
    sign_in_code: LetterWords {
        subject: "{code} es su código de Loquet",
        lead: "Introduzca este código para iniciar sesión:",
        act: "",
        after: &[
            "Sirve una sola vez, durante {minutes} minutos, allí donde lo pidió. Nadie de Loquet se lo pedirá nunca.",
            "Si no quería iniciar sesión, no tiene que hacer nada.",
        ],
    },
    sign_up_code: LetterWords {
        subject: "{code} es su código de Loquet",
        lead: "Introduzca este código para abrir su cuenta:",
        act: "",
        after: &[
            "Sirve una sola vez, durante {minutes} minutos, allí donde lo pidió.",
            "Si no quería una cuenta, no tiene que hacer nada: sin este código no se abre ninguna.",
        ],
    },
    already_signed_up: LetterWords {
        subject: "{code} es su código de Loquet",
        lead: "Alguien, quizá usted, quiso abrir una cuenta con esta dirección, que ya tiene una. Introduzca este código para iniciar sesión:",
        act: "",
        after: &[
            "Sirve una sola vez, durante {minutes} minutos, allí donde lo pidió. Nadie de Loquet se lo pedirá nunca.",
            "Si no era usted, no tiene que hacer nada: no ha cambiado nada.",
        ],
    },
    email_change_code: LetterWords {
        subject: "{code} es su código de Loquet",
        lead: "Introduzca este código para usar esta dirección con su cuenta:",
        act: "",
        after: &[
            "Sirve una sola vez, durante {minutes} minutos, allí donde lo pidió.",
            "Si no lo ha pedido, no tiene que hacer nada: sin este código nada cambia.",
        ],
    },
    invitation: LetterWords {
        subject: "{inviter} le invita a {business} en Loquet",
        lead: "{inviter} le invita al equipo de {business} en Loquet, con este papel: {role}.",
        act: "Ver la invitación",
        after: &[
            "La invitación vale hasta el {until}.",
            "Si no sabe de qué se trata, no tiene que hacer nada.",
        ],
    },
    new_device: LetterWords {
        subject: "Un dispositivo nuevo ha entrado en su cuenta de Loquet",
        lead: "El {at}, alguien entró en su cuenta con un dispositivo que no se había visto antes: {device}.",
        act: "Ver sus dispositivos",
        after: &[
            "Si era usted, no hay nada que hacer. Si no, cierre allí la sesión de ese dispositivo y escriba a {contact}.",
        ],
    },
    new_passkey: LetterWords {
        subject: "Se ha añadido una llave de acceso a su cuenta de Loquet",
        lead: "El {at} se añadió a su cuenta una llave de acceso, en este dispositivo: {device}. Desde ahora permite iniciar sesión.",
        act: "Ver sus llaves de acceso",
        after: &[
            "Si era usted, no hay nada que hacer. Si no, quítela allí, cierre todas las sesiones y escriba a {contact}.",
        ],
    },
    new_token: LetterWords {
        subject: "Un nuevo token de API para {business}",
        lead: "El {at} se creó desde su cuenta el token de API «{token}» para {business}.",
        act: "Ver los tokens",
        after: &[
            "Si era usted, no hay nada que hacer. Si no, revóquelo allí, cierre todas las sesiones y escriba a {contact}.",
        ],
    },
    email_changing: LetterWords {
        subject: "La dirección de su cuenta de Loquet va a cambiar",
        lead: "El {until}, su cuenta recibirá otra dirección. Hasta entonces, esta dirección puede detener el cambio.",
        act: "Detener el cambio",
        after: &[
            "Si era usted, no hay nada que hacer. Si no, detenga el cambio, cierre todas las sesiones y escriba a {contact}.",
        ],
    },
    email_changed: LetterWords {
        subject: "Esta es ahora la dirección de su cuenta de Loquet",
        lead: "Desde el {at}, los códigos y mensajes de su cuenta llegan a esta dirección.",
        act: "Abrir su cuenta",
        after: &["Si no sabe de qué se trata, escriba a {contact}."],
    },
    ownership_transferred: LetterWords {
        subject: "{business} tiene un nuevo titular en Loquet",
        lead: "El {at} se transmitió la propiedad de {business} en Loquet.",
        act: "Ver el equipo",
        after: &["Si no está de acuerdo, escriba a {contact}."],
    },
    visitor_address: LetterWords {
        subject: "Confirme su dirección para {business}",
        lead: "Usted dejó esta dirección en el chat de {business} para que le llegue una respuesta. Confirme que es suya:",
        act: "Confirmar esta dirección",
        after: &[
            "El enlace funciona hasta el {until}. Sin él no se envía nada más aquí.",
            "Si no fue usted, no tiene que hacer nada.",
        ],
    },
    visitor_reply: LetterWords {
        subject: "{business} le ha respondido",
        lead: "{author}, de {business}, le ha respondido en el chat. Léalo donde escribió:",
        act: "Abrir la conversación",
        after: &["El enlace abre solo esta conversación, una sola vez, hasta el {until}. No lo comparta."],
    },
    visitor_code: LetterWords {
        subject: "Sus datos en {business}: el acceso",
        lead: "Alguien, quizá usted, pidió la página de privacidad de un chat con {business} en el que usted confirmó esta dirección. Se abre aquí, una vez, hasta el {until}:",
        act: "Abrir la página de privacidad",
        after: &[
            "En otro dispositivo, introduzca allí este código: {code}",
            "Si no fue usted, no tiene que hacer nada: sin este correo no entra nadie. No lo reenvíe.",
        ],
    },
    visitor_resume: LetterWords {
        subject: "Su código para el chat con {business}",
        lead: "Usted pidió el código que vuelve a abrir su chat con {business}, en cualquier dispositivo, hasta el {until}: {code}",
        act: "Introducirlo aquí",
        after: &[
            "Quien tenga el código puede leer el chat y borrarlo: guárdelo para usted. Uno nuevo lo sustituye.",
        ],
    },
    inbox_digest: LetterWords {
        subject: "{count} en espera en {business}",
        lead: "En la bandeja de {business} esperan: {count} conversaciones abiertas, {mentions} menciones suyas desde el último correo.",
        act: "Abrir la bandeja",
        after: &[
            "Puede cambiar la frecuencia de este correo, o detenerlo, en las notificaciones de la bandeja.",
        ],
    },
    request_due: LetterWords {
        subject: "Para el {until}: una solicitud sobre datos personales en {business}",
        lead: "La solicitud de una persona ({kind}) a {business} debe responderse antes del {until}. Días que quedan: {days}.",
        act: "Ver las solicitudes",
        after: &[
            "La ley da 30 días. Si no bastan, prorróguela allí una vez, con el motivo; si hay que rechazarla, diga por qué.",
        ],
    },
    own_request_due: LetterWords {
        subject: "Para el {until}: la solicitud de una persona con cuenta",
        lead: "La solicitud de una persona con cuenta sobre sus propios datos debe responderse antes del {until}. Días que quedan: {days}.",
        act: "Ver las solicitudes",
        after: &[
            "La ley da 30 días. Si no bastan, prorróguela allí una vez, con el motivo; si hay que rechazarla, diga por qué.",
        ],
    },
    own_request_answered: LetterWords {
        subject: "Su solicitud del {at} sobre sus datos",
        lead: "Su solicitud del {at} sobre sus propios datos tiene respuesta, o el aviso de que tardará más. Está en su perfil, con el motivo.",
        act: "Ver la respuesta",
        after: &[
            "Si no está de acuerdo, puede reclamar ante una autoridad de control; la página la nombra cuando algo se rechaza. Preguntas: {contact}.",
        ],
    },
    deletion_asked: LetterWords {
        subject: "Eliminación el {until}: {subject}",
        lead: "El {at} usted pidió eliminar {subject}. Ocurrirá el {until}: desde entonces nada de lo sellado se abre, tampoco en ninguna copia de seguridad.",
        act: "Verla o cancelarla",
        after: &[
            "Hasta entonces todo funciona como antes y puede cancelarla. Si no fue usted, cancélela, cierre la sesión en todos los dispositivos y escriba a {contact}.",
        ],
    },
    deletion_soon: LetterWords {
        subject: "En {days} días: eliminación de {subject}",
        lead: "El {until} se elimina para siempre {subject}: conversaciones, archivos, ajustes y claves. Las facturas se conservan el tiempo que exige la ley.",
        act: "Cancelarla",
        after: &["Si es lo que quiere, no tiene que hacer nada."],
    },
    deletion_done: LetterWords {
        subject: "Eliminación en marcha: {subject}",
        lead: "La eliminación de {subject} empezó el {at} y ya no se puede detener. Primero se destruyen las claves: desde entonces nada de lo sellado se abre, tampoco en ninguna copia de seguridad. Quien pregunte por ella, que cite: {receipt}.",
        act: "Abrir Loquet",
        after: &[
            "Un recibo firmado llega a esta dirección en cuanto una segunda revisión no encuentra nada. La dirección se guarda aparte solo para esa carta, siete días como máximo.",
            "Si no sabe de qué se trata, escriba a {contact}.",
        ],
    },
    deletion_receipt: LetterWords {
        subject: "Recibo: {subject}, eliminación hecha",
        lead: "La eliminación de {subject} está hecha, y una segunda revisión no encontró nada. Abajo está el recibo firmado; quien lo tenga puede comprobarlo aquí:",
        act: "Comprobar el recibo",
        after: &[
            "El recibo no nombra a nadie. Con su identificador, {erasure}, y su secreto, {nonce}, puede mostrar que es suyo. Nadie puede volver a darle el secreto.",
            "Su dirección se guardó solo para esta carta: su clave se destruye en cuanto la carta ha salido.",
            "Para comprobar el recibo, pegue todo desde la primera llave hasta la última:",
        ],
    },
    deletion_kept: LetterWords {
        subject: "Su cuenta de Loquet no se ha eliminado",
        lead: "La eliminación de su cuenta estaba prevista y no se hizo, porque otras personas pertenecen a un negocio que quedaría sin titular: {others}.",
        act: "Ver el equipo",
        after: &[
            "La eliminación está cancelada. Retire a esas personas o ceda el negocio y pídala de nuevo. Para preguntas: {contact}.",
        ],
    },
    processor_coming: LetterWords {
        subject: "Desde el {until}, Loquet trabaja con: {names}",
        lead: "Desde el {until}, Loquet podrá entregar datos personales a {names}, o en condiciones distintas de las actuales. Hasta entonces no se entrega nada nuevo. Para qué, dónde y con qué garantía puede leerse hoy.",
        act: "Leer el aviso",
        after: &[
            "Un negocio puede oponerse hasta ese día, o elegir quién responde en sus sitios. Si no está de acuerdo, puede eliminar su cuenta antes. Sus preguntas: {contact}.",
        ],
    },
    notice_changing: LetterWords {
        subject: "El aviso de privacidad de Loquet cambia el {until}",
        lead: "El {until} entra en vigor una nueva edición del aviso de privacidad. Hasta entonces sigue vigente la actual; hoy pueden leerse ambas.",
        act: "Leer ambas",
        after: &[
            "Si no está de acuerdo, puede eliminar su cuenta antes de ese día. Sus preguntas: {contact}.",
        ],
    },
    job_alarm: LetterWords {
        subject: "Loquet necesita una mirada: {jobs}",
        lead: "Una tarea de su despliegue va con retraso, o su última ejecución falló: {jobs}.",
        act: "Ver qué ocurre",
        after: &[
            "Las tareas cumplen las promesas de borrado. El registro dice la causa; mientras dure, se le avisa una vez al día.",
        ],
    },
};
