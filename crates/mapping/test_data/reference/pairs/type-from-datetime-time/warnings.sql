/*
  Warnings:

  - The `c0` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c1` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c2` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c3` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c4` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c5` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c6` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c7` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c8` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c9` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c10` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c11` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c12` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c13` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c14` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c19` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c20` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
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
  - The `c39` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c40` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c41` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c42` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c43` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c44` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - The `c45` column on the `T` table would be dropped and recreated. This will lead to data loss if there is data in the column.
  - You are about to alter the column `c46` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Time(6)` to `Unsupported("circle")`.
  - You are about to alter the column `c47` on the `T` table. The data in that column could be lost. The data in that column will be cast from `Time(6)` to `Unsupported("money")`.

*/
