import Delivery
import Store

/// What stands beside a database, for several stores of a test.
final class NoteInMemory: EpochNote {
    var noted = NotedEpoch.absent
    /// Why it can't be written.
    var problem: String?
    private var isOpen = false

    func look() -> NotedEpoch { noted }

    var latest: Epoch? {
        guard isOpen, case .epoch(let epoch) = noted else { return nil }
        return epoch
    }

    var isInPlace: Bool { latest != nil }

    func write(_ epoch: Epoch) -> String? {
        if let problem { return problem }
        isOpen = true
        if let latest, latest.lineage == epoch.lineage {
            raise(to: epoch.number)
        } else {
            noted = .epoch(epoch)
        }
        return nil
    }

    func raise(to number: Int64) {
        guard case .epoch(var epoch) = noted, epoch.number < number else { return }
        epoch.number = number
        noted = .epoch(epoch)
    }
}
