import TestSupport

enum JournalFilesOnDisk {
    static func all(in bed: EngineBed) -> [String] {
        guard let listing = try? ChildProcess.tool("ls", ["-A", bed.directory.path], package: "ls")
        else { return ["?"] }
        return listing.split(separator: "\n").map(String.init).filter {
            $0.contains("-outboxd-") && !$0.hasSuffix("-epoch")
        }
    }
}
