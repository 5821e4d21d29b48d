import TestSupport

/// Whether this machine lets tests mount file systems: root may, but not in every container.
enum MountNamespace {
    static let isPossible: Bool = {
        guard let unshare = try? Executable.find("unshare", package: "util-linux") else {
            return false
        }
        let made = try? ChildProcess.run(unshare, ["-m", "/bin/true"])
        return made?.exit == .code(0)
    }()
}
