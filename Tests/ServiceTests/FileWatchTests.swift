import Glibc
import Testing

@testable import Service

@Suite struct FileWatchTests {
    @Test func `a change is found once it has been left alone, and once`() throws {
        let file = try TemporaryFile("one")
        var watch = FileWatch()
        watch.add(file.path)
        var findings: [FileWatch.Finding] = [watch.look()]
        try file.write(Array("two!".utf8))
        for _ in 0..<3 { findings.append(watch.look()) }
        #expect(findings == [.nothing, .unsettled, .changed, .nothing])
    }

    @Test func `while it is being written it is not read`() throws {
        let file = try TemporaryFile("one")
        var watch = FileWatch()
        watch.add(file.path)
        var findings: [FileWatch.Finding] = []
        for length in 0..<3 {
            try file.write(Array(repeating: 0x61, count: length))
            findings.append(watch.look())
        }
        findings.append(watch.look())
        #expect(findings == [.unsettled, .unsettled, .unsettled, .changed])
    }

    /// Kubernetes swaps a symbolic link.
    @Test func `another file under the same name, and one that comes or goes, are changes`() throws
    {
        let file = try TemporaryFile("one")
        let link = file.directory + "/link"
        defer { unlink(link) }
        var watch = FileWatch()
        watch.add(link)
        symlink(file.path, link)
        let came = [watch.look(), watch.look()]
        unlink(link)
        let went = [watch.look(), watch.look()]
        #expect(came == [.unsettled, .changed])
        #expect(went == [.unsettled, .changed])
    }
}
