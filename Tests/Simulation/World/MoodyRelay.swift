import Delivery
import Synchronization
import TestSupport

/// What the relay says, in its mood of the moment.
final class MoodyRelay: Sendable {
    private let state:
        Mutex<(mood: RelayMood, generator: SplitMix64, faults: [RelayMood.Trouble: Int])>

    init(seed: UInt64) {
        state = Mutex((.well, SplitMix64(seed: seed ^ 0xA5A5_5A5A), [:]))
    }

    func change(to mood: RelayMood) { state.withLock { $0.mood = mood } }
    var isWell: Bool { state.withLock { $0.mood == .well } }
    /// How often each trouble was met.
    var faults: [RelayMood.Trouble: Int] { state.withLock(\.faults) }

    /// - Parameter sender: of the mail that it is about, as MAIL has it.
    func answer(_ command: String, about sender: String) -> RelayAnswer {
        state.withLock { state in
            let usual = VirtualRelay.usual(command)
            switch state.mood {
            case .well: return .reply(usual)
            case .down: return command == "CONNECT" ? .close : .reply(usual)
            case .slow(let time): return .reply(usual, after: time)
            case .troubled(let trouble, let oneIn, let helpdesk):
                guard trouble.stage.matches(command),
                    helpdesk.map({ sender == World.sender($0) }) ?? true,
                    Int.random(in: 0..<oneIn, using: &state.generator) == 0
                else { return .reply(usual) }
                state.faults[trouble, default: 0] += 1
                return trouble.answer
            }
        }
    }
}

extension RelayMood.Trouble {
    enum Stage: String, CaseIterable {
        case mail = "MAIL"
        case rcpt = "RCPT"
        case data = "DATA"
        case dot = "the final dot"
        case any = "any of them"

        func matches(_ command: String) -> Bool {
            switch self {
            case .mail: command.hasPrefix("MAIL")
            case .rcpt: command.hasPrefix("RCPT")
            case .data: command == "DATA"
            case .dot: command == "."
            case .any: command != "CONNECT" && command != "QUIT"
            }
        }
    }

    var stage: Stage {
        switch self {
        case .senderRefused, .mailDeferred, .loginWanted, .closeAtMail, .silenceAtMail: .mail
        case .mailboxUnknown, .recipientDeferred, .recipientRefused: .rcpt
        case .dataDeferred, .closeAtData: .data
        case .contentRefused, .contentDeferred, .closeAtDot, .closeAfterAccepting, .silenceAtDot,
            .silenceAfterAccepting:
            .dot
        case .closing421: .any
        }
    }

    /// Of ``faults``.
    var fault: String {
        switch answer {
        case .reply(let reply, _):
            reply.hasPrefix("421") ? "421" : reply.hasPrefix("4") ? "4xx" : "5xx"
        case .close: "closed"
        case .silence: "silence"
        case .acceptAndClose: "accepted, then closed"
        case .acceptInSilence: "accepted, then silence"
        }
    }

    static let faults = [
        "4xx", "5xx", "421", "closed", "silence", "accepted, then closed",
        "accepted, then silence",
    ]

    var answer: RelayAnswer {
        switch self {
        case .senderRefused: .reply("550 5.7.1 Sender refused")
        case .mailDeferred: .reply("451 4.3.0 Later")
        case .loginWanted: .reply("530 5.7.0 Authentication required")
        case .mailboxUnknown: .reply("550 5.1.1 No such user")
        case .recipientDeferred: .reply("450 4.2.0 Greylisted")
        case .recipientRefused: .reply("554 5.7.1 Refused")
        case .dataDeferred: .reply("452 4.3.1 Insufficient system storage")
        case .contentRefused: .reply("554 5.6.0 Refused")
        case .contentDeferred: .reply("451 4.7.0 Later")
        case .closing421: .reply("421 4.3.2 Closing")
        case .closeAtMail, .closeAtData, .closeAtDot: .close
        case .closeAfterAccepting: .acceptAndClose
        case .silenceAtMail, .silenceAtDot: .silence
        case .silenceAfterAccepting: .acceptInSilence
        }
    }
}
