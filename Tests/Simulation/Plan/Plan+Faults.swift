/// Which faults the generator has drawn, and how often: they happen where there is something for them to happen to.
extension Plan {
    var faults: [String: Int] {
        steps.compactMap(\.action.fault).reduce(into: [:]) { $0[$1, default: 0] += 1 }
    }
}

extension Action {
    /// A word for it; nil if it is none.
    fileprivate var fault: String? {
        switch self {
        case .relay(.down): "the relay is down"
        case .relay(.slow): "the relay is slow"
        case .relay(.troubled): "the relay makes trouble"
        case .kill: "a process is killed"
        case .stop: "a process is stopped"
        case .freeze: "a process stands still"
        case .preempt: "a process loses the processor in the middle of a turn"
        case .setClock: "the clock is set"
        case .disk(.full, _): "the disk is full"
        case .disk(.failing, _): "the disk fails"
        case .relay(.well), .startDaemon, .disk(nil, _), .insert, .edit, .cancel, .delete, .read,
            .makeInstant, .pauseHelpdesk, .suppress, .pause, .resume, .retry, .cancelByOperator,
            .resolve, .prune, .probe, .drain:
            nil
        }
    }
}
