/// Whether the disk takes long for a commit, so that larger transactions pay.
///
/// A commit waits for the disk once, whether for one mail or for five hundred.
///
/// Example: a disk takes 10 ms. With 175 mails in a transaction 9,000 mails a second go out, with 350 it is 12,000.
/// A large transaction holds the write lock for longer. No other process waits for it: transactions stay small while
/// another process commits (``LockShare``).
struct CommitPace {
    /// Disks that store what they report take 0.1 to 2 ms.
    static let slow: Duration = .milliseconds(5)
    /// So many in a row: a single one may have waited for somebody else's writing.
    static let proof = 3

    private var slowOnes = 0

    var isSlow: Bool { slowOnes >= Self.proof }

    /// - Parameter time: from the last statement to the end of the commit.
    mutating func committed(in time: Duration) {
        slowOnes = time >= Self.slow ? min(Self.proof, slowOnes + 1) : 0
    }
}
