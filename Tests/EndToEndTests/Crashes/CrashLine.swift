import Crash
import Testing

/// A line of the matrix: a process dies at a point, another goes on, and this is what is left in the end.
struct CrashLine: Sendable {
    /// What the relay says to the first final dot that it gets; to later ones it says 250.
    enum Answer: String, Sendable {
        case accepts = ""
        case refuses = "550"
        case defers = "451"
    }

    var scene: CrashScene
    var point: CrashPoint
    /// From 1: at which passage the process dies.
    var passage = 1
    /// What has been done by then, and what not.
    var words: String
    var victims: [Victim] = [.run]
    var answer = Answer.accepts
    /// How many mails the relay has accepted when the process has died.
    var had = 0
    var end: CrashEnd

    /// Its line in the page's table.
    var cells: [String] {
        let relay = answer == .accepts ? "" : answer.rawValue
        return [
            scene.words, victims.map(\.rawValue).joined(separator: ", "), "`\(place)`",
            words, relay, had == 0 ? "" : "accepted", end.words,
        ]
    }

    /// As in `TEST_OUTBOXD_CRASH_AT`.
    var place: String { "\(point)" + (passage > 1 ? ":\(passage)" : "") }

    /// Which process dies.
    enum Victim: String, Sendable {
        /// A daemon; another is started afterwards.
        case run = "daemon"
        /// A daemon, beside another that goes on.
        case runBeside = "one of two daemons"
        /// `outboxd drain`, `prune`, `migrate`, `backup`, `resume --restored`; a daemon is started afterwards.
        case drain, prune, migrate, backup, resume
    }
}

/// What is left when all has been settled.
struct CrashEnd: Equatable, Sendable {
    /// The row's state, and its reason.
    var row = "sent"
    var isUncertain = false
    /// How often the relay has accepted the mail.
    var mails = 1

    var words: String {
        guard row == "sent" else { return row }
        return "sent \(mails == 1 ? "once" : "twice")" + (isUncertain ? ", uncertain" : "")
    }

    static let sentOnce = CrashEnd()
    /// The same octets twice, under one Message-ID.
    static let sentTwice = CrashEnd(isUncertain: true, mails: 2)
    /// Nobody knew that the relay had refused it, so it went out a second time.
    static let sentAgain = CrashEnd(isUncertain: true)
}

/// A line with one of its victims.
struct CrashCase: Sendable, CustomTestStringConvertible {
    var line: CrashLine
    var victim: CrashLine.Victim

    var testDescription: String {
        "\(line.scene.words), \(victim.rawValue): \(line.place) \(line.answer.rawValue)"
    }
}
