internal import Delivery

/// Ids of `outbox` that wait to be ingested, where more came at once than one batch holds: helpdesks
/// take turns, so that one helpdesk's 20,000 rows don't stand before another's one.
///
/// The rows of a conversation are taken together, at the turn of the first, so that they go out in one mail
/// although thousands of others lie between them. Within a helpdesk conversations keep the order of
/// their first ids, and the rows of one conversation the order of theirs.
///
/// | the queue | a batch is |
/// |---|---|
/// | is closed | all rows above ``SQLiteStore/newestIngested``, by id; if they are more than a batch, the queue opens |
/// | is open | one conversation of each helpdesk in turn, of those in the queue |
/// | is open, and all of `outbox` has been through it | the last: the queue closes |
///
/// An instant row that comes while the burst is still being read need not wait for that (``Overtaking``).
///
/// It holds ids and hashes alone, of at most ``most`` rows (some 5 MB). What is behind those waits in the
/// order of ids.
struct IngestQueue {
    /// The first row of a conversation.
    private struct Head {
        var id: Int64
        var conversation: UInt32
    }
    private var heads = Rotation<Head>()
    /// The other rows of conversations, in the order of their ids.
    private var others: [UInt32: [Int64]] = [:]
    private var othersCount = 0
    /// Conversations of which a row is in the queue.
    ///
    /// Two that share their hash are taken together, which harms neither.
    private var conversations: Set<UInt32> = []
    /// What was left of a long conversation stands behind greater ids, or rows have overtaken others.
    private var isOutOfOrder = false
    /// The last id that is, or was, in the queue; nil while it is closed.
    private(set) var end: Int64?
    /// Nothing stood behind the last id when it was read.
    private(set) var isComplete = false
    var overtaking = Overtaking(behind: .min)

    static let most = 200_000
    /// Read at once, also under the write lock: some 1 ms.
    static let step = 2_000

    var isOpen: Bool { end != nil }
    var isFull: Bool { heads.count + othersCount >= Self.most }

    /// Above this id nothing was looked at; nil while the queue is closed, and while nothing may overtake.
    var unseenFrom: Int64? {
        guard let end, isComplete || !overtaking.isStopped else { return nil }
        return max(end, overtaking.seen)
    }

    /// - Parameter newest: The greatest id in `outbox`.
    mutating func open(behind id: Int64, newest: Int64) {
        end = id
        isComplete = false
        overtaking = Overtaking(behind: newest)
    }

    /// The next row in the order of ids.
    mutating func append(_ id: Int64, helpdesk: String, conversation: String) {
        end = id
        if !overtaking.wasTaken(id) { add(id, helpdesk, conversation) }
    }

    private mutating func add(_ id: Int64, _ helpdesk: String, _ conversation: String) {
        let hash = Self.hash(helpdesk, conversation)
        if conversations.insert(hash).inserted {
            heads.append(Head(id: id, conversation: hash), of: helpdesk)
        } else {
            others[hash, default: []].append(id)
            othersCount += 1
        }
    }

    private static func hash(_ helpdesk: String, _ conversation: String) -> UInt32 {
        var hash = FNV1a64()
        hash.combine(helpdesk)
        hash.combine(0xFF)
        hash.combine(conversation)
        return UInt32(truncatingIfNeeded: hash.value ^ hash.value >> 32)
    }

    // MARK: Overtaking

    /// A row behind ``end``, ahead of those between.
    mutating func overtake(_ id: Int64, helpdesk: String, conversation: String) {
        isOutOfOrder = true
        overtaking.take(id)
        add(id, helpdesk, conversation)
    }

    // MARK: Reading

    /// Whether there were fewer rows to append than were asked for.
    mutating func appended(all isAll: Bool) { isComplete = isAll }

    /// The rows whose turn it is, of one conversation at most as many as a mail holds.
    ///
    /// - Parameters:
    ///   - wanted: How many are enough; the last conversation is taken whole, though it be more.
    ///   - limit: The most.
    /// - Returns: the rows, and how many they are.
    mutating func next(_ wanted: Int, limit: Int) -> (choice: RowChoice, count: Int) {
        // What lies between those of the only helpdesk has been through the queue.
        var isRange = heads.ownerCount == 1 && !isOutOfOrder
        var ids: [Int64] = []
        ids.reserveCapacity(min(wanted, heads.count))
        while ids.count < min(wanted, limit), let (head, helpdesk) = heads.popNext() {
            ids.append(head.id)
            conversations.remove(head.conversation)
            guard let others = others.removeValue(forKey: head.conversation) else { continue }
            othersCount -= others.count
            isRange = false
            let taken = others.prefix(min(Gathering.mostRows - 1, limit - ids.count))
            ids += taken
            putBack(others.dropFirst(taken.count), of: head.conversation, helpdesk)
        }
        guard isRange, let first = ids.first, let last = ids.last else {
            return (.these(ids), ids.count)
        }
        return (.within(first...last), ids.count)
    }

    private mutating func putBack(
        _ rows: ArraySlice<Int64>, of conversation: UInt32, _ helpdesk: String
    ) {
        guard let first = rows.first else { return }
        isOutOfOrder = true
        conversations.insert(conversation)
        heads.append(Head(id: first, conversation: conversation), of: helpdesk)
        guard rows.count > 1 else { return }
        others[conversation] = Array(rows.dropFirst())
        othersCount += rows.count - 1
    }

    /// Closes the queue if all of `outbox` has been through it.
    /// - Returns: the newest id that was; nil while it stays open.
    mutating func closeIfThrough() -> Int64? {
        guard isComplete, heads.isEmpty, let end else { return nil }
        self = IngestQueue()
        return end
    }
}
