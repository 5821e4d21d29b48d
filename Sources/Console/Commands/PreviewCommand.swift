internal import Delivery
internal import Engine
internal import Mail
internal import Service
internal import Store

struct PreviewCommand: Command {
    static let spec = CommandSpec(
        name: "preview", summary: "the mail that would go out for a row",
        discussion: """
            Renders the mail that the row is in as the daemon would: the same rows combined, what was \
            read or cancelled left out, the same sender. Prints the whole message; what there is to \
            say about it goes to stderr. Nothing is claimed, changed or sent. A finished row's mail \
            is made again from its texts.

            Exit code 65 if no mail would go out, with the reason, or if there is no such row.

            With --gallery it writes made-up mails instead, of each kind and in each language: as HTML with \
            an index.html, and whole, as .eml. No database is read.

            Example: outboxd preview 4711 --html /tmp/mail.html
            """,
        options: [
            .flag("text", "print the plain text alone"),
            .value("html", "FILE", "write the HTML part to a file, for a browser"),
            .value("gallery", "DIR", "write mails of every kind and language into a directory"),
        ],
        positionals: [
            PositionalSpec("ID", "the row's id, or the Message-ID of its mail", count: .optional)
        ],
        settings: [
            .database, .from, .bounceAddress, .hold, .maxAge, .idempotencyHeader, .retention,
        ])

    func run(_ context: CommandContext) throws -> ExitCode {
        if let directory = try context.text("gallery") {
            return try writeGallery(directory, context)
        }
        guard !context.parsed.positionals.isEmpty else {
            throw context.usage("which row? name its ID, or write a --gallery")
        }
        let settings = try context.settings(only: Self.spec.settings)
        let file = try context.text("html")
        if context.parsed.has("text"), file != nil {
            throw context.usage("--text and --html exclude each other")
        }
        let reader = try context.reader(settings)
        let id = try context.rowID(in: reader)
        let now = context.now
        let preview = try MailPreview.of(
            row: id, in: reader, try EngineSettings(settings), at: now)
        guard let preview else {
            throw Failure("there is no row \(id); `outboxd list` shows the rows", .dataError)
        }
        let words = PreviewText(preview: preview, now: now)
        switch preview.result {
        case .failure(let refusal): throw Failure(words.refusal(refusal), .dataError)
        case .success(let mail):
            for line in words.notes { Terminal.complain(line) }
            try show(mail, asText: context.parsed.has("text"), file: file)
        }
        return .ok
    }

    private func writeGallery(_ directory: String, _ context: CommandContext) throws -> ExitCode {
        guard context.parsed.positionals.isEmpty, !context.parsed.has("text"),
            try context.text("html") == nil
        else { throw context.usage("--gallery goes alone") }
        let pages = try Gallery().pages
        try NewFile.makeDirectory(directory)
        for page in pages {
            try NewFile.write(
                MailComposer.html(page.content), to: "\(directory)/\(page.name).html")
            try NewFile.write(
                MailComposer.compose(page.content).bytes, to: "\(directory)/\(page.name).eml")
        }
        let index = "\(directory)/index.html"
        try NewFile.write(Array(Gallery.index(of: pages).utf8), to: index)
        try Terminal.print("\(Escaping.printable(FilePath.absolute(index), limit: 4_096))\n")
        return .ok
    }

    private func show(_ mail: FrozenMail, asText: Bool, file: String?) throws {
        if let file {
            guard let html = ReceivedMessage(mail.message).html else {
                throw Failure(
                    "this mail is too large for HTML and goes out as text alone; `--text` shows it",
                    .dataError)
            }
            try NewFile.write(Array(html.utf8), to: file)
            try Terminal.print("\(Escaping.printable(FilePath.absolute(file), limit: 4_096))\n")
        } else if asText {
            let text = ReceivedMessage(mail.message).text
            try Terminal.print(Terminal.showsResults ? Self.harmless(text) : text)
        } else {
            try Terminal.print(octets: mail.message)
        }
    }

    /// What a customer wrote can't move the cursor.
    private static func harmless(_ text: String) -> String {
        text.split(separator: "\n", omittingEmptySubsequences: false)
            .map { Escaping.printable(String($0), limit: 1_000_000) }.joined(separator: "\n")
    }
}
