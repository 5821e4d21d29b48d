/// What is held against senders and the relay: refusals that may not be the mail's fault (Contract.md,
/// "Whose fault is a refusal?").
///
/// A pure record; the store keeps it and carries the ``Ruling``s out in the transaction in which it notes
/// the outcome. *Against the relay* are the strikes since its latest acceptance, of all senders. The
/// first line that fits holds.
///
/// | a mail of S | case | ruling |
/// |---|---|---|
/// | accepted | always | S's strikes and all system ones go, the relay is free, others' strikes are not the relay's fault any more; S's identity strikes are the mails' own fault |
/// | | T has more than 5 permanent strikes, or 2 identity strikes | T is blocked |
/// | permanent | the relay is paused | it waits for the relay; pause |
/// | | it was returned before, and S accepted since | none: it has failed, for good |
/// | | more than 5 against the relay, of 2 senders or more | all of them wait for the relay; pause, though innocent mail is tried at once |
/// | | more than 5 of S, the relay cleared since the first | S is blocked |
/// | | more than 5 of S, another sender's mail waits | none: its result will tell |
/// | | more than 5 of S, no other sender's mail waits | S is blocked |
/// | | fewer | none: it has failed |
/// | identity | the relay is paused | it goes back; pause |
/// | | it was accused before, and S accepted since | it fails |
/// | | against the relay, of 2 senders or more | they go back; pause, though innocent mail is tried at once |
/// | | 2 mails of S, the relay cleared since the first | S is blocked |
/// | | 1 mail of S, the relay cleared since | its own failure |
/// | | 2 mails of S, another sender's mail waits | it is tried again in a second |
/// | | 1 mail of S, any other mail waits | it is tried again in a second |
/// | | else | it goes back; pause, though innocent mail is tried at once |
/// | system | the relay is paused for it | it goes back; pause |
/// | | its attempt was taken back before, and the relay took mail since | none: it is deferred |
/// | | 10 mails against the relay | their attempts are taken back; pause, though any other mail is tried at once |
/// | | fewer | none: it is deferred |
///
/// Blocking S makes all mails wait that have struck. At most ``mostPerSender`` strikes are held
/// against a sender: what is refused beyond them stays `failed`.
package struct Suspicions: Hashable, Sendable {
    /// Oldest first.
    package var strikes: [Strike]
    /// The relay is taken for down since it refuses everybody in this way.
    package var relayPause: RefusalKind?

    package static let mostPermanent = 5
    package static let mostSystem = 10
    package static let mostPerSender = 100

    package init(strikes: [Strike] = [], relayPause: RefusalKind? = nil) {
        self.strikes = strikes
        self.relayPause = relayPause
    }

    // MARK: Accepted

    package mutating func accepted(sender: String) -> [Ruling] {
        let accused = strikes.filter { $0.sender == sender && $0.kind == .identity }.map(\.mail)
        relayPause = nil
        strikes.removeAll { $0.sender == sender || $0.kind == .system }
        for index in strikes.indices { strikes[index].isRelayCleared = true }
        var rulings: [Ruling] = accused.isEmpty ? [] : [.isOwnFault(mails: accused)]
        for other in senders(of: strikes) where isOverdue(other) { rulings += block(other) }
        return rulings
    }

    private func isOverdue(_ sender: String) -> Bool {
        count(.permanent, of: sender) > Self.mostPermanent || count(.identity, of: sender) > 1
    }

    // MARK: Refused

    /// - Parameter isOwnFault: it was returned before, and its sender was accepted since.
    /// - Parameter waiting: asked only where it matters.
    package mutating func refused(
        _ mail: Int64, sender: String, kind: RefusalKind, isOwnFault: Bool,
        waiting: () throws -> WaitingOthers
    ) rethrows -> [Ruling] {
        switch kind {
        case .permanent:
            try permanent(mail, sender, isOwnFault: isOwnFault, waiting: waiting)
        case .identity:
            try identity(mail, sender, isOwnFault: isOwnFault, waiting: waiting)
        case .system: system(mail, sender, isOwnFault: isOwnFault)
        }
    }

    private mutating func permanent(
        _ mail: Int64, _ sender: String, isOwnFault: Bool, waiting: () throws -> WaitingOthers
    ) rethrows -> [Ruling] {
        if let relayPause {
            return [.waitForRelay(mails: [mail]), .pauseRelay(relayPause, isAccused: .sender)]
        }
        if isOwnFault { return [] }
        strike(mail, sender, .permanent)
        let against = againstRelay(.permanent)
        if against.count > Self.mostPermanent, senders(of: against).count > 1 {
            return [.waitForRelay(mails: against.map(\.mail))]
                + pause(.permanent, isAccused: accused(against))
        }
        guard let first = strikes.first(where: { $0.sender == sender && $0.kind == .permanent }),
            count(.permanent, of: sender) > Self.mostPermanent
        else { return [] }
        if try !first.isRelayCleared && waiting().ofAnotherSender { return [] }
        return block(sender)
    }

    private mutating func identity(
        _ mail: Int64, _ sender: String, isOwnFault: Bool, waiting: () throws -> WaitingOthers
    ) rethrows -> [Ruling] {
        if let relayPause {
            return [.goBack(mail: mail), .pauseRelay(relayPause, isAccused: .sender)]
        }
        if isOwnFault { return [.fail(mail: mail)] }
        strike(mail, sender, .identity)
        let against = againstRelay(.identity)
        if senders(of: against).count > 1 {
            return [.goBack(mail: mail)] + pause(.identity, isAccused: accused(against))
        }
        let isOnlyOne = count(.identity, of: sender) == 1
        let first = strikes.first { $0.sender == sender && $0.kind == .identity }
        if first?.isRelayCleared == true {
            return isOnlyOne ? [.ownFailure(mail: mail)] : block(sender)
        }
        let others = try waiting()
        if isOnlyOne ? others.any : others.ofAnotherSender { return [.lookAgain(mail: mail)] }
        // The strikes stay: should another sender's mail be accepted now, it was this one's fault.
        return [
            .goBack(mail: mail),
            .pauseRelay(.identity, isAccused: isOnlyOne ? .mail : .sender),
        ]
    }

    private mutating func system(
        _ mail: Int64, _ sender: String, isOwnFault: Bool
    ) -> [Ruling] {
        if relayPause == .system {
            return [.goBack(mail: mail), .pauseRelay(.system, isAccused: .sender)]
        }
        if isOwnFault { return [] }
        strike(mail, sender, .system)
        let against = againstRelay(.system)
        guard against.count >= Self.mostSystem else { return [] }
        return [.takeBack(mails: against.map(\.mail))]
            + pause(.system, isAccused: accused(against))
    }

    // MARK: Consequences

    private mutating func strike(_ mail: Int64, _ sender: String, _ kind: RefusalKind) {
        let own = strikes.filter { $0.sender == sender }
        guard !own.contains(where: { $0.mail == mail && $0.kind == kind }),
            own.count < Self.mostPerSender
        else { return }
        strikes.append(Strike(mail: mail, sender: sender, kind: kind))
    }

    private mutating func block(_ sender: String) -> [Ruling] {
        let mails = strikes.filter { $0.sender == sender && $0.kind != .system }.map(\.mail)
        strikes.removeAll { $0.sender == sender && $0.kind != .system }
        return [.waitForSender(mails: mails), .block(sender: sender)]
    }

    private mutating func pause(
        _ kind: RefusalKind, isAccused accused: Ruling.Accused = .nobody
    ) -> [Ruling] {
        // Those of accused senders stay: once an innocent mail is accepted, they were their own fault.
        if accused == .nobody || kind == .system {
            strikes.removeAll { $0.kind == kind && !$0.isRelayCleared }
        }
        relayPause = kind
        return [.pauseRelay(kind, isAccused: accused)]
    }

    /// Mail of others than these is tried at once, unless they are many.
    private func accused(_ strikes: [Strike]) -> Ruling.Accused {
        let senders = senders(of: strikes)
        if senders.count == 1 { return .sender }
        return senders.count <= Accusation.mostSenders ? .senders(senders) : .nobody
    }

    private func againstRelay(_ kind: RefusalKind) -> [Strike] {
        strikes.filter { $0.kind == kind && !$0.isRelayCleared }
    }

    private func count(_ kind: RefusalKind, of sender: String) -> Int {
        strikes.count { $0.sender == sender && $0.kind == kind }
    }

    private func senders(of strikes: [Strike]) -> [String] {
        strikes.reduce(into: []) { if !$0.contains($1.sender) { $0.append($1.sender) } }
    }
}
