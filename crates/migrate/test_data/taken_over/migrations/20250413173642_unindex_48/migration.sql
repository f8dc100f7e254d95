-- DropIndex
DROP INDEX "things_6_ownerId_b_idx";
