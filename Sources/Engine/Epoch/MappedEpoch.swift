internal import CLinux
internal import Delivery

/// A file of ``EpochBytes`` that is mapped into memory: its number is read and raised without a system call, and
/// without waking those who watch the directory.
struct MappedEpoch {
    let file: MappedFile
    private let lineage: Int64

    init(_ file: MappedFile, lineage: Int64) {
        self.file = file
        self.lineage = lineage
    }

    private var word: UnsafeMutablePointer<UInt64> {
        (file.base + EpochBytes.numberOffset).assumingMemoryBound(to: UInt64.self)
    }

    /// nil if the file was cut short, or holds no number any more.
    var epoch: Epoch? {
        let number = outboxd_atomic_load(word)
        guard !file.isDamaged, number <= UInt64(Epoch.greatest) else { return nil }
        return Epoch(lineage: lineage, number: Int64(number))
    }

    /// It only grows, however many processes raise it.
    func raise(to number: Int64) {
        guard file.isWritable, !file.isDamaged else { return }
        let wanted = UInt64(clamping: number)
        while true {
            let found = outboxd_atomic_load(word)
            guard found < wanted else { return }
            if outboxd_atomic_compare_exchange(word, found, wanted) == 1 { return }
        }
    }
}
