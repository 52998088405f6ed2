"""The page's texts in Romanian and Arabic, for the stand-in server only.

The product's translations live in the catalogs; these let the page be tested without them.
"""

from __future__ import annotations

RO = {
    "Chat": "Chat",
    "Skip to writing": "Mergi la scris",
    "Language:": "Limba:",
    "Choose your language": "Alege limba",
    "Menu": "Meniu",
    "About this chat": "Despre acest chat",
    "Keep this chat on this phone?": "Păstrezi acest chat pe acest telefon?",
    "This chat is kept on this phone.": "Acest chat este păstrat pe acest telefon.",
    "This chat is not kept on this phone.": "Acest chat nu este păstrat pe acest telefon.",
    "Yes, keep it": "Da, păstrează-l",
    "No, do not keep it": "Nu, nu îl păstra",
    "Somebody else wants to write?": "Vrea să scrie altcineva?",
    "This phone forgets the chat. You cannot open it here again. We still store it.": (
        "Telefonul uită acest chat. Nu îl mai poți deschide aici. El rămâne păstrat la noi."
    ),
    "Forget this chat on this phone": "Uită acest chat pe acest telefon",
    "Delete my data": "Șterge datele mele",
    "Your messages and answers are deleted for ever. You cannot get them back.": (
        "Mesajele și răspunsurile tale sunt șterse pentru totdeauna. Nu le mai poți aduce înapoi."
    ),
    "Yes, delete everything": "Da, șterge tot",
    "Leave now": "Ieși acum",
    "A machine answers you here. It is not a person.": (
        "Aici îți răspunde o mașină. Nu este un om."
    ),
    "You get information, not a decision. Only the authority decides.": (
        "Primești informații, nu o decizie. Numai autoritatea decide."
    ),
    "We store your messages, your answers, your language and a number for this chat. "
    "We never ask for names.": (
        "Păstrăm mesajele tale, răspunsurile tale, limba ta și un număr pentru acest chat. "
        "Nu cerem niciodată nume."
    ),
    "Responsible for your data: {controller}.": "Răspunde de datele tale: {controller}.",
    "Who is responsible for your data is not decided yet. Ask CNRR.": (
        "Nu este încă hotărât cine răspunde de datele tale. Întreabă CNRR."
    ),
    "Days that we keep your data: {days}.": "Zile în care păstrăm datele tale: {days}.",
    "How long we keep your data is not decided yet. Ask CNRR.": (
        "Nu este încă hotărât cât timp păstrăm datele tale. Întreabă CNRR."
    ),
    "To delete everything: open the menu and press “Delete my data”. Or write: delete my data.": (
        "Ca să ștergi tot: deschide meniul și apasă „Șterge datele mele”. "
        "Sau scrie: șterge datele mele."
    ),
    "To leave fast: press “Leave now”, or press the Esc key two times. Your browser may still "
    "show that you were here. To remove that, open the history of your browser and delete "
    "this page.": (
        "Ca să pleci repede: apasă „Ieși acum” sau apasă de două ori tasta Esc. Browserul poate "
        "arăta în continuare că ai fost aici. Ca să ștergi asta, deschide istoricul browserului "
        "și șterge această pagină."
    ),
    "Call CNRR:": "Sună la CNRR:",
    "Open the chat in a new page": "Deschide chatul într-o pagină nouă",
    "Yes: you can read it here again later. Other people who use this phone can read it too.": (
        "Da: îl poți citi din nou aici mai târziu. Îl pot citi și alți oameni care folosesc "
        "acest telefon."
    ),
    "No: when you close this page, you cannot open this chat again. If you want to delete your "
    "data, do it before you close.": (
        "Nu: după ce închizi pagina, nu mai poți deschide acest chat. Dacă vrei să ștergi datele "
        "tale, fă asta înainte să închizi."
    ),
    "Your data is deleted.": "Datele tale sunt șterse.",
    "Number of this deletion:": "Numărul acestei ștergeri:",
    "Messages": "Mesaje",
    "Writing…": "Scrie…",
    "Show the answer": "Arată răspunsul",
    "New message": "Mesaj nou",
    "Hello": "Bună ziua",
    "Start": "Începe",
    "Write here, in your own words": "Scrie aici, cu cuvintele tale",
    "Send": "Trimite",
    "You:": "Tu:",
    "Machine:": "Mașina:",
    "{name}, counsellor": "{name}, consilier",
    "Counsellor": "Consilier",
    "Choose an answer, or write its number.": "Alege un răspuns sau scrie numărul lui.",
    "Listen": "Ascultă",
    "Stop": "Oprește",
    "Not sent yet": "Netrimis încă",
    "Not sent": "Netrimis",
    "Send again": "Trimite din nou",
    "No network. Your message is sent when the network is back.": (
        "Nu este rețea. Mesajul tău pleacă atunci când rețeaua revine."
    ),
    "Write something first.": "Scrie mai întâi ceva.",
    "This did not work. Check the network and try again.": (
        "Nu a mers. Verifică rețeaua și încearcă din nou."
    ),
    "This chat is no longer there. Write to start a new one.": (
        "Acest chat nu mai există. Scrie ca să începi altul."
    ),
    "There is nothing to delete.": "Nu este nimic de șters.",
}

AR = {
    "Chat": "محادثة",
    "Skip to writing": "انتقل إلى الكتابة",
    "Language:": "اللغة:",
    "Choose your language": "اختر لغتك",
    "Menu": "القائمة",
    "About this chat": "عن هذه المحادثة",
    "Keep this chat on this phone?": "هل تريد حفظ هذه المحادثة على هذا الهاتف؟",
    "This chat is kept on this phone.": "هذه المحادثة محفوظة على هذا الهاتف.",
    "This chat is not kept on this phone.": "هذه المحادثة غير محفوظة على هذا الهاتف.",
    "Yes, keep it": "نعم، احفظها",
    "No, do not keep it": "لا، لا تحفظها",
    "Somebody else wants to write?": "هل يريد شخص آخر أن يكتب؟",
    "This phone forgets the chat. You cannot open it here again. We still store it.": (
        "ينسى هذا الهاتف المحادثة. لا يمكنك فتحها هنا مرة أخرى. وهي تبقى مخزنة عندنا."
    ),
    "Forget this chat on this phone": "انسَ هذه المحادثة على هذا الهاتف",
    "Delete my data": "احذف بياناتي",
    "Your messages and answers are deleted for ever. You cannot get them back.": (
        "تُحذف رسائلك وأجوبتك إلى الأبد. لا يمكنك استرجاعها."
    ),
    "Yes, delete everything": "نعم، احذف كل شيء",
    "Leave now": "اخرج الآن",
    "A machine answers you here. It is not a person.": "هنا تجيبك آلة، وليس إنسانًا.",
    "You get information, not a decision. Only the authority decides.": (
        "تحصل على معلومات وليس على قرار. السلطة وحدها هي التي تقرر."
    ),
    "We store your messages, your answers, your language and a number for this chat. "
    "We never ask for names.": (
        "نخزّن رسائلك وأجوبتك ولغتك ورقمًا لهذه المحادثة. ولا نسأل أبدًا عن الأسماء."
    ),
    "Responsible for your data: {controller}.": "المسؤول عن بياناتك: {controller}.",
    "Who is responsible for your data is not decided yet. Ask CNRR.": (
        "لم يتقرر بعد من المسؤول عن بياناتك. اسأل CNRR."
    ),
    "Days that we keep your data: {days}.": "عدد أيام حفظ بياناتك: {days}.",
    "How long we keep your data is not decided yet. Ask CNRR.": (
        "لم يتقرر بعد كم من الوقت نحفظ بياناتك. اسأل CNRR."
    ),
    "To delete everything: open the menu and press “Delete my data”. Or write: delete my data.": (
        "لحذف كل شيء: افتح القائمة واضغط «احذف بياناتي». أو اكتب: احذف بياناتي."
    ),
    "To leave fast: press “Leave now”, or press the Esc key two times. Your browser may still "
    "show that you were here. To remove that, open the history of your browser and delete "
    "this page.": (
        "للخروج بسرعة: اضغط «اخرج الآن»، أو اضغط مفتاح Esc مرتين. قد يُظهر متصفحك أنك كنت هنا. "
        "لإزالة ذلك، افتح سجلّ المتصفح واحذف هذه الصفحة."
    ),
    "Call CNRR:": "اتصل بـ CNRR:",
    "Open the chat in a new page": "افتح المحادثة في صفحة جديدة",
    "Yes: you can read it here again later. Other people who use this phone can read it too.": (
        "نعم: يمكنك قراءتها هنا لاحقًا. ويمكن لمن يستعمل هذا الهاتف أن يقرأها أيضًا."
    ),
    "No: when you close this page, you cannot open this chat again. If you want to delete your "
    "data, do it before you close.": (
        "لا: بعد إغلاق هذه الصفحة لا يمكنك فتح هذه المحادثة مرة أخرى. إذا أردت حذف بياناتك، "
        "فاحذفها قبل الإغلاق."
    ),
    "Your data is deleted.": "تم حذف بياناتك.",
    "Number of this deletion:": "رقم هذا الحذف:",
    "Messages": "الرسائل",
    "Writing…": "يكتب…",
    "Show the answer": "أظهر الجواب",
    "New message": "رسالة جديدة",
    "Hello": "مرحبا",
    "Start": "ابدأ",
    "Write here, in your own words": "اكتب هنا بكلماتك",
    "Send": "أرسل",
    "You:": "أنت:",
    "Machine:": "الآلة:",
    "{name}, counsellor": "{name}، مستشار",
    "Counsellor": "مستشار",
    "Choose an answer, or write its number.": "اختر جوابًا أو اكتب رقمه.",
    "Listen": "استمع",
    "Stop": "توقف",
    "Not sent yet": "لم تُرسل بعد",
    "Not sent": "لم تُرسل",
    "Send again": "أرسل مرة أخرى",
    "No network. Your message is sent when the network is back.": (
        "لا توجد شبكة. تُرسل رسالتك عندما تعود الشبكة."
    ),
    "Write something first.": "اكتب شيئًا أولًا.",
    "This did not work. Check the network and try again.": (
        "لم ينجح هذا. تحقق من الشبكة وحاول مرة أخرى."
    ),
    "This chat is no longer there. Write to start a new one.": (
        "لم تعد هذه المحادثة موجودة. اكتب لتبدأ محادثة جديدة."
    ),
    "There is nothing to delete.": "لا يوجد شيء لحذفه.",
}

TEXTS: dict[str, dict[str, str]] = {"en": {}, "ro": RO, "ar": AR}


class Translator:
    """Stands in for the catalogs' translator; a text without a translation raises KeyError."""

    def __init__(self, language: str) -> None:
        self._language = language
        self._texts = TEXTS[language]

    def pgettext(self, context: str, message: str) -> str:
        assert context == "page"
        return message if self._language == "en" else self._texts[message]
