internal import Delivery
internal import Engine
internal import Mail
internal import SMTP
internal import Service
internal import Store

struct SendTestCommand: Command {
    static let spec = CommandSpec(
        name: "send-test", summary: "one real mail through the relay, with the dialogue shown",
        discussion: """
            Connects as the daemon does and sends one mail that says that it is a test. Shows what is \
            said as it is said: > is ours, < the relay's, * what is not said in words. Passwords and \
            what AUTH carries are taken out. The last line says what the relay answered, the one \
            before how long each phase took. Nothing is written to the database, and without \
            --helpdesk none is needed.

            Exit code 0 when the relay took the mail, 65 when it refuses the recipient, the sender \
            or the mail for good, 75 when it refuses for now, 69 for trouble with the relay, TLS or \
            the login, 78 settings.

            Example: outboxd send-test --to me@example.com --helpdesk acme
            """,
        options: [
            .value("to", "ADDRESS", "whom to send it to"),
            .value("helpdesk", "ID", "the sender of this helpdesk instead of OUTBOXD_FROM"),
        ],
        settings: [
            .database, .smtpURL, .smtpPassword, .smtpPasswordFile, .smtpAuth, .smtpTokenFile,
            .oauthTokenURL, .oauthClientID, .oauthClientSecretFile, .oauthScope,
            .smtpClientCertFile, .smtpClientKeyFile, .smtpTLS, .smtpCAFile,
            .smtpConnectTimeout, .smtpCommandTimeout, .smtpFinalTimeout, .ehloName, .from,
            .bounceAddress,
        ])

    func run(_ context: CommandContext) throws -> ExitCode {
        guard let to = try context.text("to") else { throw context.usage("--to is missing") }
        let settings = try EngineSettings(try context.settings())
        let recipient = try recipient(to)
        let sender = try sender(context, settings)
        let now = context.now
        let mail = TestMail(
            from: sender.mailbox, to: recipient,
            messageID: MessageID.make(
                mailID: now.milliseconds, nonce: .random(in: 0 ... .max),
                domain: sender.mailbox.address.domain),
            date: now, host: HostName.current, helpdesk: context.parsed.value("helpdesk")
        ).compose()
        let frozen = FrozenMail(
            envelopeSender: sender.envelope.description,
            envelopeRecipient: recipient.description, needsSMTPUTF8: mail.needsSMTPUTF8,
            message: mail.bytes)
        return try send(frozen, settings, DialogueView(settings.relay, now: now))
    }

    private func send(
        _ mail: FrozenMail, _ settings: EngineSettings, _ view: DialogueView
    ) throws -> ExitCode {
        let result: SendTestResult
        do throws(RelayTrouble) {
            view.describe("\(settings.relay.host), port \(settings.relay.port)")
            let connection = try RelayConnection.open(settings.relay, watch: { view.note($0) })
            defer { connection.close() }
            result = talk(mail, settings, connection, view)
        } catch {
            result = SendTestResult(error, gate: LoginGate(settings.relay))
        }
        if !view.phases.isEmpty { view.describe("took: \(view.times)") }
        try view.finish()
        let line = view.harmless(result.line)
        guard result.code == .ok else { throw Failure(line, result.code) }
        try Terminal.print("\(Escaping.printable(line, limit: 4_096))\n")
        return .ok
    }

    private func talk(
        _ mail: FrozenMail, _ settings: EngineSettings, _ connection: RelayConnection,
        _ view: DialogueView
    ) -> SendTestResult {
        let envelope = Envelope(
            from: mail.envelopeSender, recipient: mail.envelopeRecipient,
            size: mail.message.count, needsSMTPUTF8: mail.needsSMTPUTF8)
        var dialogue = Dialogue(
            envelope, message: SurveyedMessage(mail.message),
            extensions: connection.extensions, timeouts: settings.dialogueTimeouts,
            connectionReused: false, resetFirst: false)
        var watched = WatchedDialogue(connection, view)
        let end = watched.run(&dialogue)
        if dialogue.connectionUsable {
            view.sent("QUIT")
            connection.leave()
        }
        return SendTestResult(
            Verdict(of: end), end, to: mail.envelopeRecipient, gate: LoginGate(settings.relay))
    }

    // MARK: Whom, from whom

    private func recipient(_ text: String) throws -> EmailAddress {
        do {
            let address = try EmailAddress(text)
            if let address = address.onTheWire() { return address }
        } catch {
            throw Failure("--to: \(error)", .dataError)
        }
        throw Failure("--to: the domain of \(Escaping.quoted(text)) has no ASCII form", .dataError)
    }

    private func sender(_ context: CommandContext, _ settings: EngineSettings) throws -> Sender {
        var helpdesk: Helpdesk?
        if let id = try context.text("helpdesk") {
            helpdesk = try context.reader(try context.settings()).helpdesk(id)
            guard helpdesk != nil else {
                throw Failure(
                    "helpdesks has no row for \(Escaping.quoted(id)); leave --helpdesk out to send from "
                        + "OUTBOXD_FROM", .dataError)
            }
        }
        let sender = Sender.resolve(
            helpdesk, from: settings.from, bounceAddress: settings.bounceAddress)
        if let sender { return sender }
        guard let helpdesk else {
            throw Failure(
                "there is no sender: set OUTBOXD_FROM, or name a --helpdesk", .config)
        }
        throw Failure(
            "from_address of helpdesk \(Escaping.quoted(helpdesk.id)) is no address that can be used: "
                + "\(Escaping.quoted(helpdesk.fromAddress)); mend it in helpdesks", .dataError)
    }
}
