/*
  Warnings:

  - You are about to alter the column `c0` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `Integer`.
  - You are about to alter the column `c1` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `Integer`.
  - You are about to alter the column `c2` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `SmallInt`.
  - You are about to alter the column `c3` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `Oid`.
  - You are about to alter the column `c4` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `BigInt`.
  - You are about to alter the column `c5` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `BigInt`.
  - You are about to alter the column `c6` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `DoublePrecision`.
  - You are about to alter the column `c7` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `DoublePrecision`.
  - You are about to alter the column `c8` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `Real`.
  - You are about to alter the column `c9` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `Decimal(65,30)`.
  - You are about to alter the column `c10` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `Decimal(10,2)`.
  - You are about to alter the column `c11` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `Decimal(5,0)`.
  - You are about to alter the column `c12` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `Money`.
  - You are about to alter the column `c13` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `Boolean`.
  - You are about to alter the column `c14` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `Boolean`.
  - You are about to alter the column `c20` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `Char`.
  - You are about to alter the column `c21` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `Char(8)`.
  - You are about to alter the column `c22` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `Bit`.
  - You are about to alter the column `c23` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `Bit(4)`.
  - You are about to alter the column `c24` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `VarBit`.
  - You are about to alter the column `c25` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `VarBit(8)`.
  - You are about to alter the column `c26` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `Uuid`.
  - You are about to alter the column `c27` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `Xml`.
  - You are about to alter the column `c28` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `Inet`.
  - You are about to alter the column `c29` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `Timestamp(3)`.
  - You are about to alter the column `c30` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `Timestamp`.
  - You are about to alter the column `c31` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `Timestamp(6)`.
  - You are about to alter the column `c32` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `Timestamptz`.
  - You are about to alter the column `c33` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `Timestamptz(3)`.
  - You are about to alter the column `c34` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `Date`.
  - You are about to alter the column `c35` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `Time`.
  - You are about to alter the column `c36` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `Time(0)`.
  - You are about to alter the column `c37` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `Timetz`.
  - You are about to alter the column `c38` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `Timetz(3)`.
  - You are about to alter the column `c39` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `JsonB`.
  - You are about to alter the column `c40` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `Json`.
  - You are about to alter the column `c41` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `JsonB`.
  - You are about to alter the column `c42` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `ByteA`.
  - You are about to alter the column `c43` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `ByteA`.
  - The `c44` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c45` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - You are about to alter the column `c46` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `Unsupported("circle")`.
  - You are about to alter the column `c47` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Citext` to `Unsupported("money")`.

*/
