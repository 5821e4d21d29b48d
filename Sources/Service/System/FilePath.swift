import Glibc

/// Paths as text: nothing is looked up.
package enum FilePath {
    /// `.` for a bare name.
    package static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// The last component.
    package static func name(of path: String) -> String {
        path.split(separator: "/").last.map(String.init) ?? path
    }

    /// As it is found from anywhere; links are left as they are.
    package static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/"), let directory = getcwd(nil, 0) else { return path }
        defer { free(directory) }
        let start = String(cString: directory)
        let rest = path.hasPrefix("./") ? String(path.dropFirst(2)) : path
        return start.hasSuffix("/") ? start + rest : start + "/" + rest
    }

    /// Without symbolic links; as it is where it leads nowhere.
    package static func resolved(_ path: String) -> String {
        guard let resolved = realpath(path, nil) else { return path }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}
