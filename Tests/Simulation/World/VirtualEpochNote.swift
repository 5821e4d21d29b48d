import Delivery
import Store
import Synchronization

@testable import Engine

/// What stands beside the database of its epoch, in memory: it outlives the processes that raise it.
final class VirtualEpochNote: Sendable {
    private let noted = Mutex(NotedEpoch.absent)

    /// Its page had not reached the disk when the power failed.
    func fallBack() {
        noted.withLock { noted in
            guard case .epoch(var epoch) = noted else { return }
            epoch.number = max(0, epoch.number - 3)
            noted = .epoch(epoch)
        }
    }

    /// As one process sees it.
    func of(_ lifeline: Lifeline) -> any EpochNote { View(all: self, lifeline: lifeline) }

    private final class View: EpochNote {
        let all: VirtualEpochNote
        let lifeline: Lifeline
        var isOpen = false

        init(all: VirtualEpochNote, lifeline: Lifeline) {
            self.all = all
            self.lifeline = lifeline
        }

        func look() -> NotedEpoch { all.noted.withLock(\.self) }

        var latest: Epoch? {
            guard isOpen, case .epoch(let epoch) = look() else { return nil }
            return epoch
        }

        var isInPlace: Bool { latest != nil }

        func write(_ epoch: Epoch) -> String? {
            guard !lifeline.isCut else { return "dead" }
            isOpen = true
            all.noted.withLock { if $0 == .absent { $0 = .epoch(epoch) } }
            raise(to: epoch.number)
            return nil
        }

        func raise(to number: Int64) {
            guard !lifeline.isCut else { return }
            all.noted.withLock { noted in
                guard case .epoch(var epoch) = noted, epoch.number < number else { return }
                epoch.number = number
                noted = .epoch(epoch)
            }
        }
    }
}
