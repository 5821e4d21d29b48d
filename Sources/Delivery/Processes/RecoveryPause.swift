/// How long a process's mails are left alone after some of them could not be taken over.
///
/// | failures in a row | pause |
/// |---|---|
/// | 1 | 1 s |
/// | 2, 3, 4 … 10 | 2 s, 4 s, 8 s … 512 s |
/// | 11 and more | 10 min |
package enum RecoveryPause {
    private static let schedule = Doubling(from: .seconds(1), upTo: .seconds(600))

    package static func pause(failures: Int) -> Duration { schedule.wait(step: failures) }
}
