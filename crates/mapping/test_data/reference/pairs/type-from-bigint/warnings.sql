/*
  Warnings:

  - You are about to alter the column `c0` on the `T` table. The data in that column could be lost. The data in that column will be cast from `BigInt` to `Integer`.
  - You are about to alter the column `c1` on the `T` table. The data in that column could be lost. The data in that column will be cast from `BigInt` to `Integer`.
  - You are about to alter the column `c2` on the `T` table. The data in that column could be lost. The data in that column will be cast from `BigInt` to `SmallInt`.
  - The `c3` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - You are about to alter the column `c9` on the `T` table. The data in that column could be lost. The data in that column will be cast from `BigInt` to `Decimal(10,2)`.
  - You are about to alter the column `c10` on the `T` table. The data in that column could be lost. The data in that column will be cast from `BigInt` to `Decimal(5,0)`.
  - The `c11` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c12` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c13` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - You are about to alter the column `c18` on the `T` table. The data in that column could be lost. The data in that column will be cast from `BigInt` to `VarChar(3)`.
  - You are about to alter the column `c19` on the `T` table. The data in that column could be lost. The data in that column will be cast from `BigInt` to `Char`.
  - You are about to alter the column `c20` on the `T` table. The data in that column could be lost. The data in that column will be cast from `BigInt` to `Char(8)`.
  - The `c21` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c22` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c23` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c24` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c25` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c26` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c27` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c28` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c29` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c30` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c31` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c32` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c33` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c34` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c35` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c36` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c37` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c38` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c39` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c40` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c41` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c42` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c43` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c44` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c45` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - You are about to alter the column `c46` on the `T` table. The data in that column could be lost. The data in that column will be cast from `BigInt` to `Unsupported("circle")`.
  - You are about to alter the column `c47` on the `T` table. The data in that column could be lost. The data in that column will be cast from `BigInt` to `Unsupported("money")`.

*/
