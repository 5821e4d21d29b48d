/// What a database says of its own epoch, and what follows from the number beside it.
///
/// | beside it | the database | then |
/// |---|---|---|
/// | the same lineage, a number not greater | | it goes on |
/// | the same lineage, a greater number | | restored |
/// | another lineage | mail was sent from it, or may have been | restored |
/// | another lineage | nothing was sent from it: it is new | it goes on |
/// | nothing, or nothing that makes sense | a file was made once, and mail may have been sent since | restored |
/// | nothing, or nothing that makes sense | no file was ever made (an upgrade), or nothing was sent | it goes on |
/// | out of reach | | it goes on, since the number can't be read; `check` says so |
///
/// The number beside it is written after the commit: a process that is killed in between, or a machine that loses
/// power, leaves a smaller one, which says nothing.
package struct KeptEpoch: Hashable, Sendable {
    package var epoch: Epoch
    /// A file was made beside the database, so that its absence says something.
    package var isNoted: Bool
    /// A row was sent, whenever that was.
    package var hasSent: Bool

    package init(epoch: Epoch, isNoted: Bool, hasSent: Bool) {
        self.epoch = epoch
        self.isNoted = isNoted
        self.hasSent = hasSent
    }

    /// nil: it was not restored, as far as one can see.
    ///
    /// - Parameter isRunning: This process has opened the file before. If the file is missing now, somebody deleted it,
    ///   and outboxd makes it again; a different database is known by its lineage.
    package func sign(in noted: NotedEpoch, isRunning: Bool = false) -> RestoreSign? {
        switch noted {
        case .epoch(let other) where other.lineage == epoch.lineage:
            return other.number > epoch.number ? .newer : nil
        case .epoch: return mayHaveSent ? .foreign : nil
        case .absent: return isMissed && !isRunning ? .missing : nil
        case .damaged: return isMissed && !isRunning ? .damaged : nil
        case .outOfReach: return nil
        }
    }

    private var mayHaveSent: Bool { hasSent || epoch.number > 0 }
    private var isMissed: Bool { isNoted && epoch.number > 0 }
}
