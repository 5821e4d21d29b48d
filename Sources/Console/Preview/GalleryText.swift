/// What the mails of the gallery say, a few sentences in each language.
enum GalleryText {
    /// What operators answer, by the language's tag; the others show the English one.
    static let byTag: [String: String] = [
        "en": "Hello Jane,\n\nwe have found it: the export stopped at rows without a date. "
            + "It works again since this morning.\n\nBest regards,\nOlga",
        "de":
            "Guten Tag Frau Muster,\n\nwir haben es gefunden: Der Export blieb an Zeilen ohne Datum "
            + "hängen. Seit heute Morgen läuft er wieder.\n\nViele Grüße\nOlga",
        "fr": "Bonjour,\n\nnous avons trouvé : l’export s’arrêtait sur les lignes sans date. "
            + "Il fonctionne de nouveau depuis ce matin.\n\nCordialement,\nOlga",
        "es":
            "Hola, Jane:\n\nLo hemos encontrado: la exportación se detenía en las filas sin fecha. "
            + "Funciona de nuevo desde esta mañana.\n\nUn saludo,\nOlga",
        "pt": "Olá, Jane,\n\nencontramos o problema: a exportação parava nas linhas sem data. "
            + "Ela voltou a funcionar hoje de manhã.\n\nAtenciosamente,\nOlga",
        "it":
            "Buongiorno,\n\nabbiamo trovato il problema: l’esportazione si fermava alle righe senza data. "
            + "Da stamattina funziona di nuovo.\n\nCordiali saluti,\nOlga",
        "nl": "Hallo Jane,\n\nwe hebben het gevonden: de export stopte bij regels zonder datum. "
            + "Sinds vanochtend werkt het weer.\n\nMet vriendelijke groet,\nOlga",
        "pl":
            "Dzień dobry,\n\nznaleźliśmy przyczynę: eksport zatrzymywał się na wierszach bez daty. "
            + "Od dziś rana znowu działa.\n\nPozdrawiam,\nOlga",
        "tr": "Merhaba Jane,\n\nsorunu bulduk: dışa aktarma, tarihi olmayan satırlarda duruyordu. "
            + "Bu sabahtan beri yeniden çalışıyor.\n\nSaygılarımla,\nOlga",
        "ru": "Здравствуйте!\n\nМы нашли причину: экспорт останавливался на строках без даты. "
            + "С сегодняшнего утра он снова работает.\n\nС уважением,\nОльга",
        "uk": "Вітаємо!\n\nМи знайшли причину: експорт зупинявся на рядках без дати. "
            + "Від сьогоднішнього ранку він знову працює.\n\nЗ повагою,\nОльга",
        "ar": "مرحبًا،\n\nوجدنا السبب: كان التصدير يتوقف عند الصفوف التي لا تاريخ لها (file.csv). "
            + "وهو يعمل من جديد منذ هذا الصباح.\n\nمع التحية،\nأولغا",
        "he": "שלום,\n\nמצאנו את הסיבה: הייצוא נעצר בשורות בלי תאריך (file.csv). "
            + "הוא פועל שוב מהבוקר.\n\nבברכה,\nאולגה",
        "ja": "お世話になっております。\n\n原因がわかりました。日付のない行でエクスポートが止まっていました。"
            + "今朝から正常に動いています。\n\nよろしくお願いいたします。\nオルガ",
        "zh-Hans": "您好！\n\n我们找到了原因：导出在没有日期的行处停止。从今天早上起已恢复正常。\n\n此致\n奥尔加",
        "ko": "안녕하세요.\n\n원인을 찾았습니다. 날짜가 없는 행에서 내보내기가 멈췄습니다. "
            + "오늘 아침부터 다시 작동합니다.\n\n감사합니다.\n올가",
    ]

    /// What visitors have written before.
    static let fromVisitors: [String: String] = [
        "en": "Hello,\n\nsince yesterday the export stops halfway, without any message. "
            + "What can I do?\n\nThank you!",
        "de":
            "Guten Tag,\n\nseit gestern bleibt der Export auf halbem Weg stehen, ohne jede Meldung. "
            + "Was kann ich tun?\n\nVielen Dank!",
        "fr": "Bonjour,\n\ndepuis hier, l’export s’arrête à mi-chemin, sans aucun message. "
            + "Que puis-je faire ?\n\nMerci !",
        "es": "Hola:\n\nDesde ayer, la exportación se detiene a la mitad, sin ningún mensaje. "
            + "¿Qué puedo hacer?\n\n¡Gracias!",
        "pt": "Olá,\n\ndesde ontem a exportação para no meio, sem nenhuma mensagem. "
            + "O que posso fazer?\n\nObrigada!",
        "it": "Buongiorno,\n\nda ieri l’esportazione si ferma a metà, senza alcun messaggio. "
            + "Che cosa posso fare?\n\nGrazie!",
        "nl": "Hallo,\n\nsinds gisteren stopt de export halverwege, zonder melding. "
            + "Wat kan ik doen?\n\nBedankt!",
        "pl":
            "Dzień dobry,\n\nod wczoraj eksport zatrzymuje się w połowie, bez żadnego komunikatu. "
            + "Co mogę zrobić?\n\nDziękuję!",
        "tr": "Merhaba,\n\ndünden beri dışa aktarma hiçbir mesaj vermeden yarıda kalıyor. "
            + "Ne yapabilirim?\n\nTeşekkürler!",
        "ru":
            "Здравствуйте!\n\nСо вчерашнего дня экспорт останавливается на половине, без какого-либо "
            + "сообщения. Что можно сделать?\n\nСпасибо!",
        "uk": "Вітаю!\n\nВід учора експорт зупиняється на половині, без жодного повідомлення. "
            + "Що можна зробити?\n\nДякую!",
        "ar": "مرحبًا،\n\nمنذ الأمس يتوقف التصدير (file.csv) في منتصفه دون أي رسالة. "
            + "ماذا يمكنني أن أفعل؟\n\nشكرًا لكم!",
        "he": "שלום,\n\nמאז אתמול הייצוא (file.csv) נעצר באמצע בלי שום הודעה. "
            + "מה אפשר לעשות?\n\nתודה!",
        "ja": "こんにちは。\n\n昨日から、エクスポートがメッセージもなく途中で止まってしまいます。"
            + "どうすればよいでしょうか。\n\nよろしくお願いいたします。",
        "zh-Hans": "您好！\n\n从昨天起，导出会在中途停止，没有任何提示。我该怎么办？\n\n谢谢！",
        "ko": "안녕하세요.\n\n어제부터 내보내기가 아무 메시지 없이 중간에 멈춥니다. "
            + "어떻게 하면 될까요?\n\n감사합니다.",
    ]

    /// Who writes, and what they attach.
    struct Names {
        var `operator` = "Olga"
        var visitor = "Jane Doe"
        var file = "screenshot of the error.png"
    }

    static let usualNames = Names()
    /// Where it is another script.
    static let names: [String: Names] = [
        "ru": Names(operator: "Ольга", visitor: "Иван Петров", file: "снимок экрана.png"),
        "uk": Names(operator: "Ольга", visitor: "Іван Шевченко", file: "знімок екрана.png"),
        "ar": Names(operator: "أولغا", visitor: "سارة أحمد", file: "لقطة الشاشة.png"),
        "he": Names(operator: "אולגה", visitor: "דנה כהן", file: "צילום מסך.png"),
        "ja": Names(operator: "オルガ", visitor: "山田 花子", file: "スクリーンショット.png"),
        "zh-Hans": Names(operator: "奥尔加", visitor: "王芳", file: "截图.png"),
        "ko": Names(operator: "올가", visitor: "김민지", file: "스크린샷.png"),
    ]

    /// Lists, code, links and what else a reply may hold.
    static let rich = """
        Two things to try (see https://docs.acme.test/export?a=1&b=2#dates, please):

        - delete the file `export.lock`
        - start the export again, from the menu
        1. "Data"
        2. "Export"

        If that does not help, send us what this prints:

            for file in exports/*.csv; do
                head -1 "$file"
            done

        ```
        SELECT id, name
          FROM exports  -- not all
         WHERE date IS NULL;
        ```

        Plan     Seats    Price
        Basic        5    29.00
        Team        20   199.00

        You reach me at olga@acme.test or (https://acme.test/olga_(support)).
        """

    static let longWord = String(repeating: "Donaudampfschifffahrtsgesellschaft", count: 12)
    static let zalgo = "Z" + String(repeating: "\u{0301}\u{0327}\u{0489}", count: 60) + "algo"
    static let bidi = "abc \u{202E}fdp.exe\u{202C} \u{2066}\u{2067}xyz"
    static let emoji = String(repeating: "👩🏽‍💻🇺🇦❤️", count: 40)

    /// Single characters for whoever breaks lines (Unicode Standard Annex 29), each wider than a column.
    static let unbreakable = [
        "👍" + String(repeating: "\u{200D}👍", count: 30),
        "ᄀ" + String(repeating: "ᄀ", count: 200), "น้ำ" + String(repeating: "\u{E33}", count: 200),
        "क" + String(repeating: "ा", count: 200), String(repeating: "\u{600}", count: 100) + "1",
    ]
    static let unbreakableEverywhere = unbreakable.map {
        "Before it.\n\n\($0)\n\n```\ncode \($0)\n```\n\n- \($0)\n- beside it\n\nhttps://acme.test/\($0)"
    }.joined(separator: "\n\n")
}
