internal import Delivery
internal import Engine
internal import SMTP
internal import Service
internal import Store

/// The demonstration: the real engine between a throw-away database and a mail server of our own,
/// while people do what ``DemoScript`` says.
///
/// This thread plays the people and prints; the engine's and the server's tell it what happens.
final class Demonstration {
    private static let patience: Duration = .seconds(14)

    private let path: String
    private let signals: SignalWatch
    private let kept: KeptMails?
    private let page: DemoPage
    private let happenings: DemoHappenings
    private let database: DemoDatabase
    private let sink: DemoSink
    private let clock = SystemClock()
    private let start: SteadyTime
    private var acts = DemoScript.acts[...]
    private var replies: [DemoDatabase.Reply] = []

    /// - Parameter kept: where the mails are left; nil leaves none.
    init(database path: String, signals: SignalWatch, kept: KeptMails?, page: DemoPage) throws {
        self.path = path
        self.signals = signals
        self.kept = kept
        self.page = page
        happenings = try DemoHappenings()
        database = try DemoDatabase(path: path)
        sink = try DemoSink(refusals: DemoScript.refusals, telling: happenings)
        start = clock.steadyNow()
    }

    func run() throws -> ExitCode {
        try introduce()
        try sink.start()
        defer { sink.stop() }
        let happenings = happenings
        let engine = try Engine(settings()) { happenings.add($0) }
        try engine.start()
        let isThrough: Bool
        do {
            isThrough = try play(engine)
        } catch {
            end(engine)
            throw error
        }
        end(engine)
        guard isThrough else {
            try page.paragraph("\nStopped before the end; nothing is left behind.")
            return .ok
        }
        if case .failed(let text) = engine.result { throw Failure(text, .ioError) }
        return try report()
    }

    private func introduce() throws {
        try page.paragraph(
            """
            This is outboxd between a throw-away database and a mail server of its own on \
            127.0.0.1. Nothing leaves this machine.
            """)
        try page.paragraph(
            """
            Shortened for you: the hold is \(seconds(DemoScript.hold)) (60 s by default), a first \
            retry comes after 1 to 2 s (15 to 30 s).
            """)
        try page.heading("What happens")
    }

    /// As an operator would write them.
    private func settings() throws -> EngineSettings {
        let retry = DurationText.format(DemoScript.retryBase)
        let given: [SettingKey: String] = [
            .database: path, .smtpURL: "smtp://127.0.0.1:\(sink.port)", .smtpTLS: "none",
            .smtpConnections: "2", .hold: DurationText.format(DemoScript.hold), .retryBase: retry,
            .retryCap: retry, .stopTimeout: "1s",
        ]
        return try EngineSettings(Settings.load(environment: [:], flags: given).settings)
    }

    /// Until every reply has come to its end.
    /// - Returns: false if a signal came first.
    private func play(_ engine: Engine) throws -> Bool {
        while true {
            try act()
            try narrate()
            if acts.isEmpty, try !database.hasOpenRows() { return true }
            let now = clock.steadyNow()
            if engine.result != nil || now - start > Self.patience { return true }
            let next = acts.first.map { start + $0.at } ?? now + .milliseconds(200)
            let signal = signals.next(
                timeout: max(.zero, next - now), or: happenings.arrived)
            if signal != nil { return false }
        }
    }

    private func end(_ engine: Engine) {
        engine.stop(timeout: .seconds(1))
        _ = engine.finished.wait(timeout: .seconds(5))
    }

    // MARK: The people

    private func act() throws {
        let now = clock.steadyNow() - start
        while let next = acts.first, next.at <= now {
            acts.removeFirst()
            switch next.deed {
            case .read(let person): try read(person)
            case .reply(let person, let author, let text, let isInstant):
                try reply(to: person, author, text, isInstant: isInstant)
            }
        }
    }

    private func reply(
        to person: DemoScript.Person, _ author: String, _ text: String, isInstant: Bool
    ) throws {
        let how =
            isInstant
            ? "Send Instantly, so no hold"
            : "\(seconds(DemoScript.hold)) from now to read it"
        try tell(author, "answers \(person.name), \"\(person.subject)\": \(how)")
        replies.append(
            try database.enqueue(
                to: person, author: author, text: text, isInstant: isInstant,
                number: replies.count + 1))
    }

    private func read(_ person: DemoScript.Person) throws {
        let shown = replies.last { $0.person.address == person.address }
        try tell(person.name, "opens the conversation in the Ticket Center (read marker)")
        if let shown { try database.markRead(person, upTo: shown.createdAt) }
    }

    // MARK: Telling

    private func tell(_ who: String, _ what: String) throws {
        try page.line(at: clock.steadyNow() - start, who, what)
    }

    private func narrate() throws {
        let words = DemoWords(replies: replies, now: clock.wallNow())
        for happening in happenings.takeAll() {
            guard let (who, what) = words.say(happening.kind) else { continue }
            try page.line(at: happening.at - start, who, what)
        }
    }

    private func report() throws -> ExitCode {
        try narrate()
        let comparison = DemoComparison(
            replies: replies, statuses: try database.statuses(), mails: sink.mails,
            suppressed: try database.suppressed())
        let code = try comparison.print(on: page)
        if let kept { try tell(kept, of: comparison.mails) }
        return code
    }

    private func tell(_ kept: KeptMails, of mails: [DemoSink.Mail]) throws {
        let names = try kept.write(mails)
        try page.heading("The mails, to open")
        try page.paragraph(
            """
            As they were received (.eml, for a mail program) and their HTML part (for a browser), in
            """)
        try Terminal.print("  \(Escaping.printable(kept.path, limit: 4_096)):\n\n")
        for name in names { try Terminal.print("  \(name)\n") }
    }

    private func seconds(_ duration: Duration) -> String { "\(EngineLog.seconds(duration)) s" }
}
