import Delivery

/// From MAIL on: the mail's own, unless the connection was dead all along or the relay says 421.
extension FaultTable {
    /// The first mail of its connection.
    static let fresh = [
        Row(.mail, apart, commands(silence: 300)),
        Row(
            .mail, [.plain],
            [.early: .deferred("unreadable reply: more than one reply to a command").at(.rcpt)]),
        // It is taken for the reply to RCPT; 354 does not come where it is waited for.
        Row(
            .mail, [.pipelined, .starttls, .implicit],
            [.early: .deferred("unreadable reply: 250 2.1.5 Ok").at(.data)]),
        Row(.mail, apart, [.cut: .deferred(end).at(.rcpt)]),
        Row(.rcpt, apart, commands(silence: 300)),
        Row(
            .rcpt, [.plain],
            [.early: .deferred("unreadable reply: more than one reply to a command").at(.data)]),
        Row(
            .rcpt, [.pipelined, .starttls, .implicit],
            [.early: .deferred("unreadable reply: more than one reply to DATA").at(.data)]),
        Row(.rcpt, apart, [.cut: .deferred(end).at(.data)]),
        Row(.data, apart, commands(silence: 120)),
        Row(.data, apart, [.early: .deferred("unreadable reply: more than one reply to DATA")]),
        Row(.content, apart, content),
        Row(.dot, FaultMode.allCases, dot),
        // A connection that has carried a mail and lay idle may have been dead for long.
        Row(
            .next, apart, commands(silence: 300).merging([.closed: .again, .reset: .again]) { $1 }),
        Row(
            .next, [.plain],
            [.early: .deferred("unreadable reply: more than one reply to a command").at(.rcpt)]),
        Row(
            .next, [.pipelined, .starttls, .implicit],
            [.early: .deferred("unreadable reply: 250 2.1.5 Ok").at(.data)]),
        Row(.next, apart, [.cut: .deferred(end).at(.rcpt)]),
    ]

    /// A mail whose commands went out behind the final dot of another: what leaves open whose answer
    /// it was, or is none, costs no attempt.
    static let following = [
        Row(
            .mail, [.following],
            followed.merging([
                .closed: .again, .reset: .again, .cut: .deferred(end).at(.rcpt), .early: .again,
            ]) { $1 }),
        Row(
            .rcpt, [.following],
            followed.merging([.cut: .deferred(end).at(.data), .early: .again]) { $1 }),
        Row(.data, [.following], followed.merging([.early: .again]) { $1 }),
        // Others wait, so that it is given up for them before its time.
        Row(
            .content, [.following],
            content.merging([
                .silent: .deferred("no reply within "), .drip: .deferred("no reply within "),
            ]) { $1 }),
        // It is not the mail's own fault, but that of the dot before it.
        Row(
            .next, [.following],
            [
                .closed: .again, .reset: .again, .silent: .again, .closing: .again,
                .refusedNow: .sent, .refusedForGood: .sent, .garbage: .again, .endless: .again,
                .drip: .again, .twoPieces: .sent, .early: .again, .cut: .again,
            ]),
    ]

    /// Every mail is through; nobody is told of anything.
    static let ends = [
        Row(
            .quit, apart,
            Dictionary(
                uniqueKeysWithValues: RelayFault.general.filter { $0 != .cut }
                    .map { ($0, .sentAndOver) }))
    ]

    private static func commands(silence: Int) -> [RelayFault: FaultOutcome] {
        [
            .closed: .deferred(end), .reset: .deferred(end),
            .silent: .deferred(nothing(for: silence)), .closing: .again,
            .refusedNow: .refusedNow, .refusedForGood: .refusedForGood,
            .garbage: .deferred(hello), .endless: .deferred(tooMuch),
            .drip: .deferred(nothing(for: silence)), .twoPieces: .sent,
        ]
    }

    private static let followed: [RelayFault: FaultOutcome] = [
        .closed: .deferred(end), .reset: .deferred(end), .silent: .again, .closing: .again,
        .refusedNow: .refusedNow, .refusedForGood: .refusedForGood, .garbage: .again,
        .endless: .again, .drip: .again, .twoPieces: .sent,
    ]

    /// Whatever the relay says, the rest of the message can't be taken back: the connection ends.
    private static let content: [RelayFault: FaultOutcome] = [
        .closed: .deferred(end), .reset: .deferred(end), .silent: .deferred(nothing(for: 180)),
        .closing: .again, .refusedNow: .refusedNow.andOver,
        .refusedForGood: .refusedForGood.andOver, .garbage: .deferred(hello),
        .endless: .deferred(tooMuch), .drip: .deferred(nothing(for: 180)),
        .early: .deferred("unreadable reply: 250 2.0.0 Early"),
    ]

    private static let dot: [RelayFault: FaultOutcome] = [
        .closed: .uncertain(end), .reset: .uncertain(end), .silent: .uncertain(nothing(for: 600)),
        .closing: .again, .refusedNow: .refusedNow, .refusedForGood: .refusedForGood,
        .garbage: .uncertain(hello), .endless: .uncertain(tooMuch),
        .drip: .uncertain(nothing(for: 600)), .twoPieces: .sent, .early: .sentAndOver,
        .cut: .sentAndOver,
    ]
}
