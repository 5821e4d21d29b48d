import Foundation
import TestSupport
import Testing

/// "files created with the narrowest mode": words of customers stand in them.
struct FilesTests {
    @Test(arguments: [("000", 0o660), ("007", 0o660), ("022", 0o640), ("077", 0o600)])
    func `no file that outboxd makes can be read by others`(_ mask: String, _ mode: Int) throws {
        let outboxd = try Outboxd(migrated: false)
        defer { outboxd.end() }
        let files = { try FileManager.default.contentsOfDirectory(atPath: outboxd.directory.path) }
        let before = try Set(files())
        let daemon = try ChildProcess(
            "/bin/sh", ["-c", "umask \(mask); exec \"$0\" run", outboxd.binary],
            environment: outboxd.environment, directory: outboxd.directory.path)
        defer { daemon.kill() }
        #expect(daemon.waitForOutput("outboxd runs"))
        let id = try outboxd.insert(Row(instant: true))[0]
        #expect(try outboxd.status(id, after: "sent").summary == "sent")
        let made = try Set(files()).subtracting(before)
        #expect(made.count >= 5, "\(made)")
        for name in made {
            let path = outboxd.directory.file(name)
            let found = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions]
            #expect(found as? Int == mode, "\(name)")
        }
    }
}
