import Testing

@testable import Service

struct ListenAddressTests {
    @Test(arguments: [
        ("127.0.0.1:9464", "127.0.0.1:9464", true), ("[::1]:9464", "[::1]:9464", true),
        ("LocalHost:1", "localhost:1", true), ("0.0.0.0:65535", "0.0.0.0:65535", false),
        ("[::]:9464", "[::]:9464", false), ("192.0.2.1:80", "192.0.2.1:80", false),
    ])
    func `an address and a port`(text: String, shown: String, isLoopback: Bool) throws {
        let address = try #require(ListenAddress(parsing: text))
        #expect(address.description == shown)
        #expect(address.isLoopback == isLoopback)
    }

    @Test func `localhost is both of its addresses`() {
        #expect(ListenAddress(parsing: "localhost:1")?.hosts == ["127.0.0.1", "::1"])
        #expect(ListenAddress(parsing: "[::1]:1")?.hosts == ["::1"])
    }

    // What is refused stands in SettingsFaultTests, with what the operator is told.
}
