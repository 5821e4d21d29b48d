import Delivery
import Testing

@Suite struct ReplyMeaningTests {
    static let fromMail = Stage.allCases.filter { !$0.isBeforeMail }

    // "Whatever goes wrong before MAIL …: no mail fails for these"
    @Test(arguments: Stage.allCases.filter(\.isBeforeMail))
    func `before MAIL every reply is the relay's trouble`(stage: Stage) {
        for code in 200...599 {
            #expect(ReplyMeaning(code: code, at: stage) == .outage)
        }
    }

    // "*421* to any command concerns the connection"
    @Test(arguments: fromMail)
    func `421 ends the connection`(stage: Stage) {
        #expect(ReplyMeaning(code: 421, at: stage) == .connectionEnds)
    }

    // "*530, 534, 535, 538* to MAIL or RCPT"
    @Test(arguments: [530, 534, 535, 538])
    func `credentials are asked for in reply to MAIL or RCPT`(code: Int) {
        for stage in Self.fromMail {
            let isEnvelope = [Stage.mail, .rcpt].contains(stage)
            #expect(
                ReplyMeaning(code: code, at: stage) == (isEnvelope ? .credentials : .permanent))
        }
    }

    // "A temporary failure of this mail (4xx to MAIL, RCPT, DATA or the final dot, 552 to RCPT …)"
    @Test func `552 is temporary to RCPT and nowhere else`() {
        for stage in Self.fromMail {
            let expected = stage == .rcpt ? ReplyMeaning.temporary : .permanent
            #expect(ReplyMeaning(code: 552, at: stage) == expected)
        }
    }

    @Test(arguments: fromMail)
    func `every other reply goes by its first digit`(stage: Stage) {
        for code in 200...599 where ![421, 530, 534, 535, 538, 552].contains(code) {
            let expected: ReplyMeaning =
                switch code / 100 {
                case 2: stage == .final ? .accepted : .unexpected
                case 3: .unexpected
                case 4: .temporary
                default: .permanent
                }
            #expect(ReplyMeaning(code: code, at: stage) == expected, "\(code) at \(stage)")
        }
    }

    @Test(arguments: [-1, 0, 99, 100, 199, 600, 1_000])
    func `a code that is none is unexpected`(code: Int) {
        for stage in Self.fromMail {
            #expect(ReplyMeaning(code: code, at: stage) == .unexpected)
        }
    }
}
