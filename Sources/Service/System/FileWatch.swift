/// Looks at a few files now and then.
///
/// | a look finds | then |
/// |---|---|
/// | what the last reading found | nothing |
/// | something else than the look before | another look soon: it may be in the middle of being written |
/// | something new, for the second time | it is read |
package struct FileWatch: Sendable {
    package enum Finding: Hashable, Sendable {
        case nothing, unsettled, changed
    }

    package private(set) var paths: [String] = []
    private var known: [FileStamp?] = []
    private var candidate: [FileStamp?]?

    package init() {}

    /// What stands there now is known.
    package mutating func add(_ path: String) {
        paths.append(path)
        known.append(FileStamp(path))
    }

    package var isEmpty: Bool { paths.isEmpty }

    /// A change is found once.
    package mutating func look() -> Finding { judge(paths.map { FileStamp($0) }) }

    /// Whether a later reading of the same files found something else.
    package func hasChanged(to later: FileWatch) -> Bool {
        paths == later.paths && known != later.known
    }

    mutating func judge(_ found: [FileStamp?]) -> Finding {
        guard found != known else {
            candidate = nil
            return .nothing
        }
        guard found == candidate else {
            candidate = found
            return .unsettled
        }
        (known, candidate) = (found, nil)
        return .changed
    }
}
