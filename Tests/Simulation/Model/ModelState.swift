import Delivery
import Service
import Store

@testable import Engine
@testable import SMTP

/// What there is to know of a state of a ``ModelWorld``, as text: two histories that lead to the same text go on in
/// the same way.
///
/// Names that are drawn anew each time (tokens, Message-IDs, the processes' ids) are numbered in the order in which they
/// appear, times are told from now on, and the two processes may change places. Left out is what only paces the
/// engine: how long a connection has been idle, and when it last looked for other things than mails under way.
struct ModelState {
    private let world: ModelWorld
    private let now: SteadyTime
    private let wall: WallTime
    private var tokens = Names("t")
    private var messageIDs = Names("m")
    private var owners = Names("p")
    private(set) var text = ""

    /// Numbers in the place of names.
    private struct Names {
        private let prefix: String
        private var known: [String: String] = [:]

        init(_ prefix: String) { self.prefix = prefix }

        mutating func name(_ value: (some CustomStringConvertible)?) -> String {
            guard let value else { return "-" }
            let text = "\(value)"
            if let name = known[text] { return name }
            let name = "\(prefix)\(known.count)"
            known[text] = name
            return name
        }
    }

    static func text(of world: ModelWorld) -> String {
        min(ModelState(world, order: [0, 1]).text, ModelState(world, order: [1, 0]).text)
    }

    private init(_ world: ModelWorld, order: [Int]) {
        self.world = world
        now = world.clock.steadyNow()
        wall = world.clock.wallNow()
        let memories = world.journals.memories
        let numbers = order.compactMap { world.seats[$0].process?.lifeline.number }
        for seat in order {
            _ = owners.name(world.seats[seat].process?.storing.instance.id ?? -Int64(seat) - 1)
        }
        text = "\(world.faults) faults\n"
        for mail in world.mails { add(mail) }
        for row in world.rows {
            let copies = world.book.accepted[row.recipient]?.count ?? 0
            text += "row \(row.id) \(row.state) \(row.isUncertain) \(copies)\n"
        }
        for seat in order { add(world.seats[seat], memories) }
        for number in memories.keys.sorted() where !numbers.contains(number) {
            text += "dead"
            if let memory = memories[number] { add(memory) }
        }
    }

    private mutating func add(_ mail: ModelMail) {
        text += "mail \(mail.id) \(mail.phase) \(mail.wait) \(mail.attempts) \(mail.copies) "
        text += "\(mail.takeovers) \(owners.name(mail.owner)) \(tokens.name(mail.token)) "
        text += "\(messageIDs.name(mail.messageID)) \(mail.isKept) "
        text += "\(mail.isFinished ? 0 : max(0, mail.dueAt - wall.milliseconds))\n"
    }

    // MARK: A process

    private mutating func add(_ seat: Seat, _ memories: [Int: JournalMemory]) {
        guard let process = seat.process else { return text += "nobody\n" }
        let lease = (try? world.leaseLeft(of: process.storing.instance.id)) ?? .zero
        text += "process at \(seat.storing.place?.name ?? "rest") "
        // Only the storing thread keeps what it has read from one point to the next.
        text += "\(seat.passed.map(\.name)) \(seat.sending.place?.name ?? "rest") "
        text += "\(seat.isFrozen) lease \(left(lease)) "
        text += "\(left(process.storing.lease.renewal(after: now))) "
        text += "storing \(left(process.storingAt - now)) sending \(left(process.sendingAt - now))"
        for mail in seat.asked { text += " asked \(mail.id) \(tokens.name(mail.token))" }
        // It is just being emptied, by as many as records were freed.
        if seat.storing.place != .slot(.free) { addHand(of: process.storing) }
        addMails(of: process.sending)
        if let memory = memories[process.lifeline.number] {
            // A sign of life counts for as long as a lease.
            let beat = memory.readLifeSign().beatAt.map { now - $0 } ?? .seconds(3_600)
            text += " beat \(min(beat, ModelWorld.lease + .milliseconds(1)).inMilliseconds)"
            add(memory)
        }
    }

    private func left(_ time: Duration) -> Int64 { max(0, time.inMilliseconds) }

    private mutating func addHand(of storing: StoringLoop) {
        text += " hand \(storing.hand.count)"
        for result in storing.hand.results { add(result) }
    }

    private mutating func addMails(of sending: SendingLoop) {
        for result in sending.results { add(result) }
        var waiting = sending.waiting
        for mail in waiting.removeAll() + sending.again { add("waiting", mail) }
        for pooled in sending.relay.connections where !pooled.isClosed {
            switch pooled.activity {
            case .idle: text += " idle"
            case .quitting: text += " quitting"
            case .busy(let job):
                add("\(job.dialogue.stage.rawValue) \(job.dialogue.dotAnnounced)", job.mail)
                text += " \(now - job.checkedAt > SendingLoop.checkHolds)"
            }
        }
        text += " demand \(sending.handOff.demand.mails) \(sending.handOff.demand.room)"
        text += sending.relay.health.isDown ? " down" : ""
    }

    private mutating func add(_ result: SendResult) {
        let end =
            switch result.end {
            case .verdict(.accepted): "accepted"
            case .verdict(.uncertain): "uncertain"
            case .verdict(.released): "released"
            case .verdict: "verdict"
            case .lost: "lost"
            case .changed, .paused, .suppressed, .storeFault, .accused, .unused: "back"
            }
        add(end, result.mail)
    }

    private mutating func add(_ what: String, _ mail: OutgoingMail) {
        text += " \(what) \(mail.mail.mailID) \(tokens.name(mail.mail.token))"
    }

    /// Records are used one after the other, and few in so short a life.
    private mutating func add(_ memory: JournalMemory) {
        for record in 0..<min(64, memory.layout.recordCount) {
            let state = memory.word(record).state
            guard state != .free else { continue }
            let token = memory.load(record, JournalField.token, as: Int64.self)
            text += " \(state.rawValue) \(tokens.name(token))"
        }
        text += "\n"
    }
}

extension Lifeline.Point {
    var name: String {
        switch self {
        case .slot(.beat): "beat"
        case .slot(.take): "take"
        case .slot(.announce): "announce"
        case .slot(.reply): "reply"
        case .slot(.free): "free"
        case .commit(.begins): "begins"
        case .commit(.before): "before commit"
        case .commit(.after): "after commit"
        case .send: "send"
        case .check: "check"
        case .inquiry: "inquiry"
        }
    }
}
