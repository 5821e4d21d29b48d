internal import Delivery
internal import SQLite

/// The lines in which mails of one class are due, each in its turn.
///
/// Instant mails: the line whose last turn is longest ago goes first. The others: the line whose first
/// mail has been due for longest. Lines are read in portions, so ten thousand helpdesks cost no more
/// than the mails that are claimed.
struct LineRotation {
    let turn: TurnClass
    private let connection: Connection
    private let request: ClaimRequest
    private var lines = Fifo<LineCursor>()
    /// Lines that were read in this claim, those with nothing left included.
    private(set) var read: [LineCursor] = []
    private var known: Set<Int64> = []
    private var mayHaveMore = true

    init(_ turn: TurnClass, connection: Connection, request: ClaimRequest) {
        self.turn = turn
        self.connection = connection
        self.request = request
    }

    var count: Int { lines.count }

    /// The next line; nil if none is left.
    ///
    /// Put it back with ``append(_:)`` while it has mails.
    mutating func popFirst() throws -> LineCursor? {
        if lines.isEmpty, mayHaveMore { try load() }
        return lines.popFirst()
    }

    mutating func append(_ line: LineCursor) { lines.append(line) }

    mutating func isEmpty() throws -> Bool {
        if lines.isEmpty, mayHaveMore { try load() }
        return lines.isEmpty
    }

    private mutating func load() throws {
        let size = max(16, min(256, request.most))
        mayHaveMore = false
        for park in request.parks {
            let found = try connection.statement(Self.query(turn)).bind(park.rawValue)
                .bind(request.dueBy(turn).milliseconds).bind(size + known.count)
                .all { Line($0) }
            if found.count == size + known.count { mayHaveMore = true }
            for line in found where known.insert(line.id).inserted {
                if request.crowded.contains(line.helpdeskID) { continue }
                let cursor = LineCursor(
                    line, turn, connection: connection, dueBy: request.dueBy(turn))
                lines.append(cursor)
                read.append(cursor)
            }
        }
    }

    /// Lines by their turn, or by their first due time.
    static func query(_ turn: TurnClass) -> String {
        let column = Line.column(turn)
        return """
            SELECT \(Line.columns) FROM outboxd_lines
            INDEXED BY outboxd_lines_\(turn.name)
            WHERE parked = ? AND \(column) <= ? AND \(column) IS NOT NULL
            ORDER BY \(turn == .instant ? "turn" : column) LIMIT ?
            """
    }
}

extension TurnClass {
    /// For `class IN (…)`.
    static let list = allCases.map { "\(turn: $0)" }.joined(separator: ", ")

    var name: String {
        switch self {
        case .instant: "instant"
        case .first: "first"
        case .retry: "retry"
        }
    }
}
