import Delivery
import Testing

/// The table of ``Suspicions``, line by line.
///
/// S is the sender in question, T another.
@Suite struct SuspicionsTests {
    static let others = WaitingOthers(any: true, ofAnotherSender: true)
    /// Only S's own further mails wait.
    static let own = WaitingOthers(any: true, ofAnotherSender: false)

    static func strikes(
        _ mails: ClosedRange<Int64>, of sender: String = "S", _ kind: RefusalKind = .permanent,
        cleared: Bool = false
    ) -> [Strike] {
        mails.map { Strike(mail: $0, sender: sender, kind: kind, isRelayCleared: cleared) }
    }

    func refuse(
        _ mail: Int64, of sender: String = "S", _ kind: RefusalKind = .permanent,
        in suspicions: inout Suspicions, isOwnFault: Bool = false,
        _ waiting: WaitingOthers = .nobody
    ) -> [Ruling] {
        suspicions.refused(mail, sender: sender, kind: kind, isOwnFault: isOwnFault) { waiting }
    }

    // MARK: Accepted

    @Test func `accepted: S is spotless, the relay is free, others' strikes are not its fault`() {
        var suspicions = Suspicions(
            strikes: Self.strikes(1...3) + Self.strikes(4...5, of: "T")
                + Self.strikes(6...9, of: "T", .system), relayPause: .permanent)
        #expect(suspicions.accepted(sender: "S") == [])
        #expect(
            suspicions == Suspicions(strikes: Self.strikes(4...5, of: "T", cleared: true)))
    }

    @Test func `accepted: mails of S that went back for 530 are their own fault`() {
        var suspicions = Suspicions(
            strikes: Self.strikes(1...1, .identity) + Self.strikes(2...2))
        #expect(suspicions.accepted(sender: "S") == [.isOwnFault(mails: [1])])
        #expect(suspicions == Suspicions())
    }

    @Test(
        arguments: [
            (strikes(1...6, of: "T"), [1, 2, 3, 4, 5, 6]),
            (strikes(1...2, of: "T", .identity), [1, 2]), (strikes(1...5, of: "T"), nil),
            (strikes(1...1, of: "T", .identity), nil),
        ] as [([Strike], [Int64]?)])
    func `accepted: T, whose test this was, is blocked`(strikes: [Strike], mails: [Int64]?) {
        var suspicions = Suspicions(strikes: strikes)
        let rulings = suspicions.accepted(sender: "S")
        #expect(
            rulings == (mails.map { [.waitForSender(mails: $0), .block(sender: "T")] } ?? []))
        #expect(suspicions.strikes.isEmpty == (mails != nil))
    }

    // MARK: Permanent

    @Test func `permanent, the relay is paused: it waits for the relay`() {
        var suspicions = Suspicions(relayPause: .permanent)
        #expect(
            refuse(1, in: &suspicions)
                == [.waitForRelay(mails: [1]), .pauseRelay(.permanent, isAccused: .sender)])
        #expect(suspicions.strikes == [])
    }

    @Test func `permanent, returned before and S accepted since: it has failed, for good`() {
        var suspicions = Suspicions(strikes: Self.strikes(1...5))
        #expect(refuse(6, in: &suspicions, isOwnFault: true) == [])
        #expect(suspicions.strikes == Self.strikes(1...5))
    }

    @Test(arguments: 0...4)
    func `permanent, up to five: it has failed`(before: Int64) {
        var suspicions = Suspicions(strikes: before == 0 ? [] : Self.strikes(1...before))
        #expect(refuse(9, in: &suspicions) == [])
        #expect(suspicions.strikes.count == Int(before) + 1)
    }

    @Test func `permanent, more than five of two senders: the relay's, and all return`() {
        var suspicions = Suspicions(
            strikes: Self.strikes(1...4) + Self.strikes(5...5, of: "T")
                + Self.strikes(7...8, of: "U", cleared: true))
        #expect(
            refuse(6, of: "T", in: &suspicions, Self.others) == [
                .waitForRelay(mails: [1, 2, 3, 4, 5, 6]),
                .pauseRelay(.permanent, isAccused: .senders(["S", "T"])),
            ])
        #expect(suspicions.relayPause == .permanent)
        // They stay, should an innocent mail be accepted now.
        #expect(suspicions.strikes.count == 8)
    }

    @Test func `permanent, five of two senders are not enough`() {
        var suspicions = Suspicions(strikes: Self.strikes(1...4))
        #expect(refuse(5, of: "T", in: &suspicions) == [])
        #expect(suspicions.relayPause == nil)
    }

    @Test func `permanent, the sixth of S, the relay cleared since the first: S is blocked`() {
        var suspicions = Suspicions(
            strikes: Self.strikes(1...1, cleared: true) + Self.strikes(2...5))
        #expect(
            refuse(6, in: &suspicions, Self.others)
                == [.waitForSender(mails: [1, 2, 3, 4, 5, 6]), .block(sender: "S")])
        #expect(suspicions == Suspicions())
    }

    @Test func `permanent, the sixth of S, T's mail waits: its result will tell`() {
        var suspicions = Suspicions(strikes: Self.strikes(1...5))
        #expect(refuse(6, in: &suspicions, Self.others) == [])
        var cleared = suspicions
        #expect(cleared.accepted(sender: "T").last == .block(sender: "S"))
        #expect(
            refuse(7, of: "T", in: &suspicions).last
                == .pauseRelay(.permanent, isAccused: .senders(["S", "T"])))
    }

    @Test(arguments: [WaitingOthers.nobody, own])
    func `permanent, the sixth of S, nobody else waits: S is blocked`(waiting: WaitingOthers) {
        var suspicions = Suspicions(strikes: Self.strikes(1...5))
        #expect(refuse(6, in: &suspicions, waiting).last == .block(sender: "S"))
    }

    @Test func `a mail that an operator had sent again strikes once`() {
        var suspicions = Suspicions(strikes: Self.strikes(1...5))
        #expect(refuse(3, in: &suspicions) == [])
        #expect(suspicions.strikes == Self.strikes(1...5))
    }

    @Test func `what is held against one sender is bounded`() {
        var suspicions = Suspicions()
        for mail in 1...500 as ClosedRange<Int64> {
            _ = refuse(mail, in: &suspicions, Self.others)
        }
        #expect(suspicions.strikes.count == Suspicions.mostPerSender)
    }

    // MARK: Identity

    @Test func `identity, the relay is paused: it goes back`() {
        var suspicions = Suspicions(relayPause: .identity)
        #expect(
            refuse(1, .identity, in: &suspicions)
                == [.goBack(mail: 1), .pauseRelay(.identity, isAccused: .sender)])
        #expect(suspicions.strikes == [])
    }

    @Test func `identity, accused before and S accepted since: it fails`() {
        var suspicions = Suspicions()
        #expect(refuse(1, .identity, in: &suspicions, isOwnFault: true) == [.fail(mail: 1)])
        #expect(suspicions == Suspicions())
    }

    @Test func `identity, T is refused alike: the relay's`() {
        var suspicions = Suspicions(strikes: Self.strikes(1...1, .identity))
        #expect(
            refuse(2, of: "T", .identity, in: &suspicions, Self.others)
                == [.goBack(mail: 2), .pauseRelay(.identity, isAccused: .senders(["S", "T"]))])
        #expect(suspicions.relayPause == .identity && suspicions.strikes.count == 2)
        // An innocent mail is accepted: from now on it is their own fault.
        _ = suspicions.accepted(sender: "U")
        #expect(suspicions.relayPause == nil)
        #expect(
            refuse(1, .identity, in: &suspicions, Self.others) == [.ownFailure(mail: 1)])
    }

    @Test func `identity, nine senders are refused alike: it is the relay, whoever comes`() {
        var suspicions = Suspicions()
        for number in 1...8 as ClosedRange<Int64> {
            suspicions.strikes += Self.strikes(number...number, of: "S\(number)", .identity)
        }
        #expect(
            refuse(9, of: "T", .identity, in: &suspicions, Self.others)
                == [.goBack(mail: 9), .pauseRelay(.identity, isAccused: .nobody)])
        #expect(suspicions == Suspicions(relayPause: .identity))
    }

    @Test func `identity, a second mail of S, the relay cleared: S is blocked`() {
        var suspicions = Suspicions(strikes: Self.strikes(1...1, .identity, cleared: true))
        #expect(
            refuse(2, .identity, in: &suspicions, Self.others)
                == [.waitForSender(mails: [1, 2]), .block(sender: "S")])
    }

    @Test func `identity, the same mail again, the relay cleared: its own failure`() {
        var suspicions = Suspicions(strikes: Self.strikes(1...1, .identity, cleared: true))
        for _ in 1...3 {
            #expect(
                refuse(1, .identity, in: &suspicions, Self.others) == [.ownFailure(mail: 1)])
        }
    }

    @Test(arguments: [others, own])
    func `identity, the first mail of S, any other waits: it is tried again`(
        waiting: WaitingOthers
    ) {
        var suspicions = Suspicions()
        for _ in 1...2 {
            #expect(refuse(1, .identity, in: &suspicions, waiting) == [.lookAgain(mail: 1)])
        }
        #expect(suspicions.strikes == Self.strikes(1...1, .identity))
    }

    @Test func `identity, a second mail of S, T's mail waits: it is tried again`() {
        var suspicions = Suspicions(strikes: Self.strikes(1...1, .identity))
        #expect(refuse(2, .identity, in: &suspicions, Self.others) == [.lookAgain(mail: 2)])
        #expect(
            suspicions.accepted(sender: "T")
                == [.waitForSender(mails: [1, 2]), .block(sender: "S")])
    }

    @Test(
        arguments: [
            (0, WaitingOthers.nobody, Ruling.Accused.mail), (1, own, .sender),
            (1, .nobody, .sender),
        ] as [(Int64, WaitingOthers, Ruling.Accused)])
    func `identity, nobody is left to test it with: the relay, for now`(
        before: Int64, waiting: WaitingOthers, accused: Ruling.Accused
    ) {
        var suspicions = Suspicions(
            strikes: before == 0 ? [] : Self.strikes(1...before, .identity))
        #expect(
            refuse(9, .identity, in: &suspicions, waiting)
                == [.goBack(mail: 9), .pauseRelay(.identity, isAccused: accused)])
        #expect(suspicions.relayPause == nil)
        #expect(suspicions.strikes.count == Int(before) + 1)
    }

    // MARK: System

    @Test func `system, the relay is paused for it: it goes back`() {
        var suspicions = Suspicions(relayPause: .system)
        #expect(
            refuse(1, .system, in: &suspicions)
                == [.goBack(mail: 1), .pauseRelay(.system, isAccused: .sender)])
    }

    @Test func `system, ten mails: the relay's, and their attempts are taken back`() {
        var suspicions = Suspicions()
        for mail in 1...9 as ClosedRange<Int64> {
            // The same mail again is no other mail.
            for _ in 1...2 {
                #expect(refuse(mail, .system, in: &suspicions, Self.others) == [])
            }
        }
        #expect(
            refuse(10, of: "T", .system, in: &suspicions)
                == [
                    .takeBack(mails: Array(1...10)),
                    .pauseRelay(.system, isAccused: .senders(["S", "T"])),
                ])
        #expect(suspicions == Suspicions(relayPause: .system))
    }

    @Test func `system, its attempt was taken back and mail accepted since: it is its own`() {
        var suspicions = Suspicions(strikes: Self.strikes(1...9, .system))
        let before = suspicions
        #expect(refuse(10, .system, in: &suspicions, isOwnFault: true) == [])
        #expect(suspicions == before)
        var paused = Suspicions(relayPause: .system)
        #expect(
            refuse(1, .system, in: &paused, isOwnFault: true)
                == [.goBack(mail: 1), .pauseRelay(.system, isAccused: .sender)])
    }

    @Test func `system, ten mails of one sender: others are tried at once`() {
        var suspicions = Suspicions(strikes: Self.strikes(1...9, .system))
        #expect(
            refuse(10, .system, in: &suspicions)
                == [
                    .takeBack(mails: Array(1...10)), .pauseRelay(.system, isAccused: .sender),
                ])
    }

    @Test func `system, one accepted in between: the count begins anew`() {
        var suspicions = Suspicions(strikes: Self.strikes(1...9, .system))
        #expect(suspicions.accepted(sender: "T") == [])
        #expect(refuse(10, .system, in: &suspicions) == [])
        #expect(suspicions.strikes.count == 1)
    }
}
