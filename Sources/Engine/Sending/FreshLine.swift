internal import Delivery
internal import Store

/// Mails that got 421 and are to be the first on a fresh connection.
///
/// Those that only found a used connection at its end go as any other. *Suspects*, which got 421 as
/// the first of a fresh one, have at most one connection at a time and take turns with the others,
/// so that a poison mail holds up nobody.
struct FreshLine {
    /// Turned away by used connections only.
    private(set) var routine: [OutgoingMail] = []
    private(set) var suspects: [OutgoingMail] = []
    /// Turned away twice: others show whether it is the relay.
    private(set) var held: [SendResult] = []
    /// The last mail to begin was no suspect.
    private var isSuspectsTurn = true
    /// By mail, beyond the end of an attempt: what a poison mail has been proven to be once need not be
    /// proven again when it comes back alone.
    private var refusals: [Int64: FreshRefusals] = [:]
    private static let mostRemembered = 10_000

    /// So many that were turned away twice each, none accepted in between, are enough.
    static let mostHeld = 3

    /// The queued ones: none of them has been turned away twice.
    var count: Int { routine.count + suspects.count }
    var isEmpty: Bool { routine.isEmpty && suspects.isEmpty }
    /// Claimed mails that are kept here.
    var kept: Int { count + held.count }

    /// Counts a 421 and says what follows.
    mutating func turnedAway(
        _ mail: OutgoingMail, onFresh: Bool, accepted: Int, othersCouldGo: Bool
    ) -> FreshRefusals.Next {
        if refusals.count >= Self.mostRemembered { refusals.removeAll() }
        let next = refusals[mail.mail.mailID, default: FreshRefusals()].turnedAway(
            onFresh: onFresh, accepted: accepted, othersCouldGo: othersCouldGo)
        if case .firstOnFresh = next {
            if isSuspect(mail) { suspects.append(mail) } else { routine.append(mail) }
        }
        return next
    }

    mutating func hold(_ result: SendResult) { held.append(result) }

    /// The next to go on a fresh connection.
    ///
    /// - Parameter othersWait: Mails that may use any connection wait, too.
    /// - Parameter suspectIsUnderWay: A suspect has a connection now.
    /// - Parameter waits: The mail's helpdesk holds all connections that it may hold: it is passed over.
    func next(
        othersWait: Bool, suspectIsUnderWay: Bool, unless waits: (OutgoingMail) -> Bool
    ) -> OutgoingMail? {
        if let mail = routine.first(where: { !waits($0) }) { return mail }
        guard !suspectIsUnderWay, isSuspectsTurn || !othersWait else { return nil }
        return suspects.first { !waits($0) }
    }

    /// Takes out the one that ``next(othersWait:suspectIsUnderWay:unless:)`` named.
    mutating func remove(_ mail: OutgoingMail) {
        routine.removeAll { $0 === mail }
        suspects.removeAll { $0 === mail }
    }

    /// It could not begin: it is first again.
    mutating func putBack(_ mail: OutgoingMail) {
        if isSuspect(mail) { suspects.insert(mail, at: 0) } else { routine.insert(mail, at: 0) }
    }

    /// It got 421 as the first of a fresh connection.
    func isSuspect(_ mail: OutgoingMail) -> Bool {
        (refusals[mail.mail.mailID]?.count ?? 0) > 0
    }

    mutating func began(_ mail: OutgoingMail) {
        isSuspectsTurn = !isSuspect(mail)
    }

    /// The relay has taken the mail, or said something about it.
    mutating func forget(_ mail: OutgoingMail) { refusals[mail.mail.mailID] = nil }

    mutating func takeHeld() -> [SendResult] {
        let taken = held
        held = []
        return taken
    }

    mutating func takeQueued() -> [OutgoingMail] {
        let taken = routine + suspects
        routine = []
        suspects = []
        return taken
    }
}
