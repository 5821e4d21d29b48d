import TestSupport
import Testing

/// The page of promises names tests that keep what was mended so: each of them must exist.
struct PromisesPageTests {
    @Test func `every test that the page of promises names is there`() throws {
        let named = try NamedTest.all(in: Repository.text(ofPage: "Promises"))
        for test in named { #expect(try test.isThere(), "\(test)") }
        #expect(named.count > 10)
    }
}
