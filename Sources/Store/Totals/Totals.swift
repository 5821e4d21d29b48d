internal import Delivery
internal import SQLite

/// What the open transaction changes of `outboxd_totals`, of `outboxd_pace`, of `outboxd_blocks` and of how many mails
/// stand in each line: written once, at its end.
///
/// A batch of 256 mails costs three statements. What is rolled back is forgotten with it: see ``mark`` and
/// ``rollBack(to:)``.
final class Totals {
    struct Changes: Equatable {
        var numbers: [TotalKey: Int] = [:]
        /// Mails sent, by ``Totals/paceStep``.
        var pace: [Int64: Int] = [:]
        /// How many mails more stand there, or less.
        var mails: [Line.Place: Int] = [:]
        /// Those in which a row has come or changed: few.
        var blocks: [Int64] = []
    }

    /// Mails sent are counted by ten seconds.
    static let paceStep: Int64 = 10_000
    /// How long they are kept: the longest time that `status` tells the pace of.
    static let paceKept: Duration = .seconds(2 * 3_600)

    /// What is not written yet; for a savepoint.
    private(set) var mark = Changes()
    private var lastStep: Int64 = 0

    func add(_ number: Int, _ key: TotalKey) {
        if number != 0 { mark.numbers[key, default: 0] += number }
    }

    /// A mail with so many rows was accepted.
    func addSent(rows: Int, at now: WallTime) {
        guard rows > 0 else { return }
        add(rows, .sent)
        add(rows - 1, .savedByCombining)
        mark.pace[now.milliseconds / Self.paceStep, default: 0] += 1
    }

    /// A mail stands there from now on: 1; or no more: -1.
    func count(_ mails: Int, at place: Line.Place) { mark.mails[place, default: 0] += mails }

    /// A row has come or changed: what is noted of its block may lack something, and is deleted.
    func touch(row id: Int64) {
        let block = RowBlock.of(id)
        if mark.blocks.last != block, !mark.blocks.contains(block) { mark.blocks.append(block) }
    }

    func rollBack(to mark: Changes) { self.mark = mark }

    /// Before the commit; in an order of its own, not a dictionary's: a seed of the simulator decides everything.
    func write(_ connection: Connection) throws {
        guard mark != Changes() else { return }
        let numbers = mark.numbers.map { (name: $0.key.name, number: $0.value) }
        for (name, number) in numbers.sorted(by: { $0.name < $1.name }) where number != 0 {
            try connection.statement(
                """
                INSERT INTO outboxd_totals (key, number) VALUES (?1, ?2)
                ON CONFLICT DO UPDATE SET number = number + ?2
                """
            ).bind(name).bind(number).run()
        }
        for (step, mails) in mark.pace.sorted(by: { $0.key < $1.key }) {
            try connection.statement(
                """
                INSERT INTO outboxd_pace (step, mails) VALUES (?1, ?2)
                ON CONFLICT DO UPDATE SET mails = mails + ?2
                """
            ).bind(step).bind(mails).run()
            if step > lastStep { try forgetOld(before: step, connection) }
        }
        // One that came and was claimed in the same transaction is nothing to write.
        let places = mark.mails.sorted {
            ($0.key.line, $0.key.turn.rawValue) < ($1.key.line, $1.key.turn.rawValue)
        }
        for (place, mails) in places where mails != 0 {
            let column = Line.mails(place.turn)
            try connection.statement(
                "UPDATE outboxd_lines SET \(column) = \(column) + ? WHERE id = ?"
            ).bind(mails).bind(place.line).run()
        }
        for block in mark.blocks {
            try connection.statement("DELETE FROM outboxd_blocks WHERE block = ?").bind(block)
                .run()
        }
        mark = Changes()
    }

    private func forgetOld(before step: Int64, _ connection: Connection) throws {
        lastStep = step
        try connection.statement("DELETE FROM outboxd_pace WHERE step < ?")
            .bind(step - Self.paceKept.inMilliseconds / Self.paceStep).run()
    }
}
