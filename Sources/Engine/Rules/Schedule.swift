internal import Delivery

/// Rows by the time at which they are looked at; a binary heap.
///
/// Adding and taking one costs log n.
struct Schedule {
    private struct Entry {
        var at: WallTime
        var row: Int64

        func isBefore(_ other: Entry) -> Bool { (at, row) < (other.at, other.row) }
    }
    private var heap: [Entry] = []

    var nextAt: WallTime? { heap.first?.at }
    var count: Int { heap.count }

    mutating func add(_ row: Int64, at time: WallTime) {
        heap.append(Entry(at: time, row: row))
        var index = heap.count - 1
        while index > 0, heap[index].isBefore(heap[(index - 1) / 2]) {
            heap.swapAt(index, (index - 1) / 2)
            index = (index - 1) / 2
        }
    }

    /// The first one if its time has come.
    mutating func pop(at now: WallTime) -> Int64? {
        guard let first = heap.first, first.at <= now else { return nil }
        heap.swapAt(0, heap.count - 1)
        heap.removeLast()
        var index = 0
        while true {
            let children = [2 * index + 1, 2 * index + 2].filter { $0 < heap.count }
            guard let least = children.min(by: { heap[$0].isBefore(heap[$1]) }),
                heap[least].isBefore(heap[index])
            else { return first.row }
            heap.swapAt(index, least)
            index = least
        }
    }
}
